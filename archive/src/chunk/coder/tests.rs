//! Whatever a column holds comes back, and damage harms nobody.

#![allow(clippy::unwrap_used)]

use super::*;

/// A generator of Knuth's kind: the same numbers for ever.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 20) % sides) as i64
    }
}

fn pack(numbers: &[i64], hints: &[Vec<u32>]) -> Vec<u8> {
    Draft::new(numbers.to_vec(), hints.to_vec(), Effort::Thorough).pack().unwrap()
}

/// In every way that there is, and in the one that is chosen.
fn comes_back(numbers: &[i64], hints: &[Vec<u32>]) {
    let seen: Vec<&[u32]> = hints.iter().map(Vec::as_slice).collect();
    assert!(unpack(&pack(numbers, hints), numbers.len(), numbers.len(), &seen).unwrap() == numbers);
    let quick = Draft::new(numbers.to_vec(), hints.to_vec(), Effort::Quick).pack().unwrap();
    assert!(unpack(&quick, numbers.len(), numbers.len(), &seen).unwrap() == numbers);
    for expected in ALL_EXPECTED.into_iter().filter(|_| !numbers.is_empty()) {
        for (number, (deep, placed)) in [(false, false), (true, false), (false, true), (true, true)].into_iter().enumerate() {
            let plan = Plan { expected, deep, placed, focus: (number + expected as usize * 3) as u8 % FOCUS.len() as u8 };
            let draft = Draft { effort: Effort::Thorough, numbers: numbers.to_vec(), hints: hints.to_vec(), plan, size: 0 };
            let bytes = draft.by_model();
            assert!(unpack(&bytes, numbers.len(), numbers.len(), &seen).unwrap() == numbers, "{plan:?}");
            let half = numbers.len() / 2;
            assert!(unpack(&bytes, numbers.len(), half, &seen).unwrap()[..half] == numbers[..half], "{plan:?}");
        }
    }
}

/// A column of each kind, with hints for each number.
fn columns() -> Vec<(Vec<i64>, Vec<u32>)> {
    let mut dice = Dice(3);
    let mut level = 0;
    let walk: Vec<i64> = (0..3_000)
        .map(|_| {
            level += dice.throw(41) - 20;
            level
        })
        .collect();
    let lattice: Vec<i64> = (0..2_000).map(|_| dice.throw(30) * 333).collect();
    let noise: Vec<i64> = (0..1_000).map(|_| dice.throw(1 << 40) << 23).collect();
    let extremes: Vec<i64> = (0..300).map(|_| [i64::MIN, i64::MAX, 0, -1, 1][dice.throw(5) as usize]).collect();
    let rare: Vec<i64> = (0..4_000).map(|_| if dice.throw(500) == 0 { dice.throw(1_000) - 500 } else { 0 }).collect();
    let columns =
        [walk, lattice, noise, extremes, rare, vec![], vec![7], vec![i64::MIN], vec![5; 400], vec![-1, 1], vec![i64::MAX, i64::MIN]];
    columns
        .map(|column| {
            let hints = column.iter().map(|number| size(number / 3)).collect();
            (column, hints)
        })
        .into()
}

#[test]
fn every_column_comes_back() {
    for (numbers, hints) in columns() {
        let more: Vec<u32> = hints.iter().map(|hint| hint ^ 5).collect();
        comes_back(&numbers, &[]);
        comes_back(&numbers, std::slice::from_ref(&hints));
        comes_back(&numbers, &[hints, more]);
    }
}

#[test]
fn what_can_be_known_takes_no_room() {
    let mut dice = Dice(9);
    let [shape, noise] = [0, 0].map(|_: u8| (0..8_640).map(|_| dice.throw(64)).collect::<Vec<i64>>());
    assert!(pack(&[1_234; 8_640], &[]).len() <= 4);
    assert!(pack(&(0..8_640).map(|number| number / 100 * 7).collect::<Vec<_>>(), &[]).len() < 120);
    // Six bits each; with a hint that is the number, less.
    let alone = pack(&noise, &[]).len();
    assert!((6_480..6_700).contains(&alone), "{alone}");
    let hinted = pack(&shape, &[shape.iter().map(|number| *number as u32).collect()]).len();
    assert!(hinted < alone / 8, "{hinted}");
}

#[test]
fn damage_is_an_error_or_other_numbers() {
    for (numbers, hints) in columns() {
        let hints = [&hints[..]];
        let good = pack(&numbers, &[hints[0].to_vec()]);
        let mut dice = Dice(11);
        for _ in 0..200.min(good.len() * 8) {
            let mut bytes = good.clone();
            let place = dice.throw(bytes.len() as u64) as usize;
            bytes[place] ^= 1 << dice.throw(8);
            assert!(unpack(&bytes, numbers.len(), numbers.len(), &hints).map_or(true, |read| read.len() == numbers.len()));
        }
        for end in 0..good.len().min(64) {
            let _ = unpack(&good[..end], numbers.len(), numbers.len(), &hints);
        }
        let _ = unpack(&dice.throw(u64::MAX).to_le_bytes(), numbers.len(), numbers.len(), &hints);
    }
}

#[test]
fn nobody_is_made_to_take_more_than_there_can_be() {
    for kind in 0..=u8::MAX {
        let bytes = [kind, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0xff, 0x37];
        assert!(unpack(&bytes, usize::MAX, usize::MAX, &[]).is_err(), "{kind}");
        let _ = unpack(&bytes, 100, 100, &[]);
    }
    assert!(unpack(&[1, 2], 3, 3, &[&[1, 2]]).is_err(), "a hint is missing");
    assert!(unpack(&[1], 0, 0, &[]).is_err() && unpack(&[], 1, 1, &[]).is_err() && unpack(&[], 0, 0, &[]).is_ok());
}

#[test]
fn ways_lead_back() {
    let kinds: Vec<u8> = (0..=u8::MAX).filter(|number| Kind::of_number(*number).is_some()).collect();
    assert_eq!(kinds.len(), 3 + 3 * 4 * FOCUS.len());
    assert!(kinds.iter().all(|number| Kind::of_number(*number).map(Kind::number) == Some(*number)));
}

#[test]
fn bits_and_tables_are_the_same_on_every_machine() {
    let sum = |numbers: &mut dyn Iterator<Item = i64>| numbers.fold(0_i64, |sum, number| sum.wrapping_mul(31).wrapping_add(number));
    let tables = &*tables::TABLES;
    assert_eq!(tables.squash(0), 32_895);
    assert_eq!(sum(&mut (-3_100..3_100).map(|odds| i64::from(tables.squash(odds)))), -4854029475331785984);
    assert_eq!(sum(&mut tables.stretched.iter().map(|odds| i64::from(*odds))), 6818353667408939596);
    assert_eq!(sum(&mut tables.steps.iter().map(|step| i64::from(*step))), 5530897584346990877);
}
