use std::{fs, path::PathBuf};

use super::*;
use crate::test_dir::TestDir;

#[test]
fn a_whole_file_is_as_long_as_its_header_says() {
    let (_folder, file) = weights(|_| {});
    let whole = check("Quill", &file).unwrap();
    assert_eq!(whole.bytes, fs::metadata(&file).unwrap().len());
    assert_eq!(whole.tensors["b"].at + whole.tensors["b"].length as u64, whole.bytes);
}

#[test]
fn a_file_cut_anywhere_is_said_to_be_cut_short() {
    for kept in [0, 5, 8, 20, 100] {
        let (_folder, file) = weights(|bytes| bytes.truncate(kept));
        let fault = check("Quill", &file).unwrap_err();
        assert!(matches!(fault, Fault::CutShort { there, .. } if there == kept as u64), "{kept}: {fault:?}");
    }
    let (_folder, file) = weights(|bytes| {
        bytes.pop();
    });
    let fault = check("Quill", &file).unwrap_err();
    let Fault::CutShort { there, whole, .. } = &fault else { panic!("{fault:?}") };
    assert_eq!(there + 1, *whole);
    assert!(fault.to_string().starts_with("model.safetensors of “Quill” is cut short"), "{fault}");
}

#[test]
fn what_is_no_weights_file_is_damaged() {
    let damages: [fn(&mut Vec<u8>); 6] = [
        // A tensor that is longer than its shape.
        |bytes| {
            let at = bytes.windows(3).position(|window| window == b"[4]").unwrap();
            bytes[at + 1] = b'3';
        },
        |bytes| bytes.push(0),
        |bytes| bytes[..8].fill(0xff),
        |bytes| bytes[8] = b'?',
        |bytes| *bytes = b"<html>Not found</html>".to_vec(),
        |bytes| *bytes = [2u64.to_le_bytes().as_slice(), b"{}"].concat(),
    ];
    for damage in damages {
        let (_folder, file) = weights(damage);
        assert!(matches!(check("Quill", &file), Err(Fault::Damaged { .. })));
    }
}

/// A file of two tensors, 24 bytes of data in all, after `change`.
fn weights(change: impl FnOnce(&mut Vec<u8>)) -> (TestDir, PathBuf) {
    let header = br#"{"__metadata__":{"format":"pt"},
        "a":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},
        "b":{"dtype":"F16","shape":[8],"data_offsets":[8,24]}}"#;
    let mut bytes = [(header.len() as u64).to_le_bytes().as_slice(), header, &[7; 24]].concat();
    change(&mut bytes);
    let folder = TestDir::new();
    let file = folder.path().join("model.safetensors");
    fs::write(&file, bytes).unwrap();
    (folder, file)
}
