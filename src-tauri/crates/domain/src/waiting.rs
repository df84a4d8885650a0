//! Waiting for the disk where others are served.

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

/// Does `work`, which waits for the disk. On a thread that serves other tasks too, these go on on
/// another one meanwhile.
///
/// Whoever keeps things on the disk calls this itself, so that none of its callers can forget it.
pub fn waiting<T>(work: impl FnOnce() -> T) -> T {
    let serves_others =
        Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if serves_others { block_in_place(work) } else { work() }
}

#[cfg(test)]
mod tests {
    use super::waiting;
    use tokio::runtime::Builder;

    #[test]
    fn others_are_served_by_the_only_thread_there_is() {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (go, gone) = std::sync::mpsc::channel();
        let waits = runtime.spawn(async move {
            tokio::spawn(async move { go.send(7).unwrap() });
            waiting(|| gone.recv().unwrap())
        });
        assert_eq!(runtime.block_on(waits).unwrap(), 7);
    }

    #[test]
    fn where_no_other_thread_may_go_on_it_just_waits() {
        assert_eq!(waiting(|| 1), 1);
        let alone = Builder::new_current_thread().build().unwrap();
        assert_eq!(alone.block_on(async { waiting(|| waiting(|| 2)) }), 2);
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        assert_eq!(runtime.block_on(async { waiting(|| waiting(|| 3)) }), 3);
    }
}
