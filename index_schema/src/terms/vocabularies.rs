//! The vocabulary that threads share, one after the other.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::vocabulary::Vocabulary;

/// What [analyzers](super::FieldAnalyzer) of several threads have in common: what one has seen, no other analyses again.
///
/// It holds one vocabulary at a time. Who finds that one full makes the next, so that memory is bounded however long a run is.
#[derive(Clone, Debug, Default)]
pub struct Vocabularies(Arc<Mutex<Arc<Vocabulary>>>);

impl Vocabularies {
    /// The one in use.
    pub(super) fn current(&self) -> Arc<Vocabulary> {
        Arc::clone(&self.lock())
    }

    /// The one that follows a full one; a new one has room for so many words.
    pub(super) fn after(&self, full: &Arc<Vocabulary>, words: usize) -> Arc<Vocabulary> {
        let mut current = self.lock();
        if Arc::ptr_eq(&current, full) {
            *current = Arc::new(Vocabulary::with_room_for(words));
        }
        Arc::clone(&current)
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Vocabulary>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
