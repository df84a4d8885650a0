use std::time::{Duration, SystemTime};

use super::*;

#[test]
fn an_equal_copy_is_left_alone_and_a_stale_one_is_replaced() {
    let folder = std::env::temp_dir().join(format!("sotto-xtask-copy-{}", std::process::id()));
    let (from, to) = (folder.join("from"), folder.join("deep/to"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(&from, "one").unwrap();
    copy(&from, &to).unwrap();

    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    fs::File::options().append(true).open(&to).unwrap().set_modified(long_ago).unwrap();
    copy(&from, &to).unwrap();
    assert_eq!(to.metadata().unwrap().modified().unwrap(), long_ago, "an equal copy was written again");

    fs::write(&from, "two").unwrap();
    copy(&from, &to).unwrap();
    assert_eq!(fs::read_to_string(&to).unwrap(), "two");
    fs::remove_dir_all(folder).unwrap();
}
