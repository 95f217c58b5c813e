//! How large the history becomes. Pure.

use crate::views::{Storage, StorageTier};

const MIB: u64 = 1_048_576;

/// What is typed into the form, as far as it is a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Days of each tier, finest first.
    pub days: [Option<u32>; 3],
    pub process_days: Option<u32>,
    pub process_budget_mib: Option<u64>,
    pub budget_mib: Option<u64>,
}

impl Typed {
    /// What is set now.
    pub fn of(storage: &Storage) -> Self {
        Self {
            days: std::array::from_fn(|place| storage.tiers.get(place).map(|tier| tier.kept_days)),
            process_days: Some(storage.processes.kept_days),
            process_budget_mib: Some(storage.process_budget_mib.into()),
            budget_mib: storage.budget_mib.map(u64::from),
        }
    }
}

/// Bytes of a tier once it is full.
pub fn when_full(tier: &StorageTier, days: Option<u32>) -> Option<u64> {
    Some(tier.bytes_per_day.saturating_mul(days?.into()))
}

/// Bytes of the process history once it is full: it has a budget of its own.
pub fn processes_when_full(storage: &Storage, typed: &Typed) -> Option<u64> {
    let all = when_full(&storage.processes, typed.process_days)?;
    Some(all.min(typed.process_budget_mib?.saturating_mul(MIB)))
}

/// Bytes of everything; `None` while a number is missing.
pub fn total_when_full(storage: &Storage, typed: &Typed) -> Option<u64> {
    let tiers = storage.tiers.iter().zip(typed.days).map(|(tier, days)| when_full(tier, days)).sum::<Option<u64>>()?;
    Some(tiers.saturating_add(processes_when_full(storage, typed)?))
}

/// The budget in bytes, if the total does not fit into it.
pub fn exceeded(total: Option<u64>, typed: &Typed) -> Option<u64> {
    typed.budget_mib.map(|budget| budget.saturating_mul(MIB)).filter(|budget| total.is_some_and(|total| total > *budget))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_days_times_bytes_and_processes_have_a_budget() {
        let tier = |bytes_per_day, kept_days| StorageTier { bytes_per_day, kept_days, ..StorageTier::default() };
        let storage = Storage {
            tiers: vec![tier(1_000_000, 90), tier(100_000, 365), tier(10_000, 1_825)],
            processes: tier(2_000_000, 30),
            process_budget_mib: 16,
            budget_mib: Some(100),
            ..Storage::default()
        };
        let typed = Typed::of(&storage);
        assert_eq!(typed.days, [Some(90), Some(365), Some(1_825)]);
        assert_eq!(processes_when_full(&storage, &typed), Some(16 * MIB));
        let total = total_when_full(&storage, &typed);
        assert_eq!(total, Some(90_000_000 + 36_500_000 + 18_250_000 + 16 * MIB));
        assert_eq!(exceeded(total, &typed), Some(100 * MIB));
        assert_eq!(exceeded(total, &Typed { budget_mib: None, ..typed }), None);
        assert_eq!(exceeded(Some(5), &typed), None);
        let half_typed = Typed { days: [None, Some(1), Some(1)], ..typed };
        assert_eq!((total_when_full(&storage, &half_typed), exceeded(None, &half_typed)), (None, None));
    }
}
