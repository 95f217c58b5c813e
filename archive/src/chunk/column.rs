//! A column: integers compressed by `pco`, in groups of like ones if somebody knows them.

use crate::Malformed;
use pco::standalone::{simple_compress, simple_decompress};
use pco::{ChunkConfig, PagingSpec};

pub const MALFORMED: Malformed = Malformed { what: "chunk" };

/// Compresses a column; no bytes for no numbers.
///
/// # Errors
/// The codec refuses, which it does for no integers.
pub fn pack<T: pco::data_types::Number>(numbers: &[T]) -> Result<Vec<u8>, Malformed> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    simple_compress(numbers, &ChunkConfig::default()).map_err(|_| MALFORMED)
}

/// Compresses a column whose numbers are each of a class that the reader knows: each class has a distribution of its own.
///
/// # Errors
/// The codec refuses, which it does for no integers.
pub fn pack_grouped(numbers: &[i64], classes: &[u32]) -> Result<Vec<u8>, Malformed> {
    let order = order(classes);
    let sorted: Vec<i64> = order.iter().filter_map(|place| numbers.get(*place).copied()).collect();
    let lengths: Vec<usize> = order.chunk_by(|left, right| classes[*left] == classes[*right]).map(<[usize]>::len).collect();
    if sorted.is_empty() {
        return Ok(Vec::new());
    }
    simple_compress(&sorted, &ChunkConfig::default().with_paging_spec(PagingSpec::Exact(lengths))).map_err(|_| MALFORMED)
}

/// Reads a column.
///
/// # Errors
/// The bytes are damaged.
pub fn unpack<T: pco::data_types::Number>(bytes: &[u8]) -> Result<Vec<T>, Malformed> {
    if bytes.is_empty() { Ok(Vec::new()) } else { simple_decompress(bytes).map_err(|_| MALFORMED) }
}

/// Reads a column in groups.
///
/// # Errors
/// The bytes are damaged, or there are other classes than were written.
pub fn unpack_grouped(bytes: &[u8], classes: &[u32]) -> Result<Vec<i64>, Malformed> {
    let sorted: Vec<i64> = unpack(bytes)?;
    if sorted.len() != classes.len() {
        return Err(MALFORMED);
    }
    let mut numbers = vec![0; sorted.len()];
    for (place, number) in order(classes).into_iter().zip(sorted) {
        numbers[place] = number;
    }
    Ok(numbers)
}

fn order(classes: &[u32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|place| classes[*place]);
    order
}
