//! Open addressing: a hash table whose number of slots is a power of two, some of them always free.

use std::ops::ControlFlow;

/// Looks at the slots that a key may have, the likeliest first, until one of them says what is found: that of the key, or a
/// free one. Nothing is found in a table without slots.
#[inline]
pub(super) fn look_up<'s, S, T>(
    slots: &'s [S],
    key: u64,
    look: impl Fn(&'s S) -> ControlFlow<Option<T>>,
) -> Option<T> {
    let mask = slots.len().checked_sub(1)?;
    let mut at = key as usize & mask;
    loop {
        if let ControlFlow::Break(found) = look(&slots[at]) {
            return found;
        }
        at = (at + 1) & mask;
    }
}

/// How many slots a table for so many entries has: a third of them stays free, so that look-ups of unknown keys end soon.
pub(super) fn slots_for(entries: usize) -> usize {
    (entries * 3 / 2 + 2).next_power_of_two()
}

/// The first slot that a key may have and that is not taken.
pub(super) fn free_slot(slots: usize, key: u64, is_taken: impl Fn(usize) -> bool) -> usize {
    let mask = slots - 1;
    let mut at = key as usize & mask;
    while is_taken(at) {
        at = (at + 1) & mask;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_goes_on_to_the_next_slot() {
        let mut slots = vec![0; slots_for(5)];
        let keys = [6, 6, 7, u64::MAX, 14];
        for key in keys {
            let at = free_slot(slots.len(), key, |at| slots[at] != 0);
            slots[at] = key;
        }
        let look_up = |key: u64| {
            look_up(&slots, key, |slot| match *slot {
                0 => ControlFlow::Break(None),
                found if found == key => ControlFlow::Break(Some(found)),
                _ => ControlFlow::Continue(()),
            })
        };
        assert!(keys.iter().all(|key| look_up(*key) == Some(*key)));
        assert_eq!(look_up(22), None);
    }

    #[test]
    fn a_table_has_free_slots() {
        for entries in 0..100 {
            assert!(slots_for(entries) > entries && slots_for(entries).is_power_of_two());
        }
        let found: Option<()> = look_up(&[0; 0], 6, |_| ControlFlow::Continue(()));
        assert_eq!(found, None);
    }
}
