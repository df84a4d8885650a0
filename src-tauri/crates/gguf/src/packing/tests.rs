use super::*;

/// Sizes of whole matrices, as gguf-py 0.19 reckons them for 512 columns and 3 rows.
#[test]
fn a_tensor_of_each_type_is_as_long_as_its_makers_say() {
    let reckoned: [(u32, u64); 32] = [
        (0, 6144),
        (1, 3072),
        (2, 864),
        (3, 960),
        (6, 1056),
        (7, 1152),
        (8, 1632),
        (10, 504),
        (11, 660),
        (12, 864),
        (13, 1056),
        (14, 1260),
        (15, 1752),
        (16, 396),
        (17, 444),
        (18, 588),
        (19, 300),
        (20, 864),
        (21, 660),
        (22, 492),
        (23, 816),
        (24, 1536),
        (25, 3072),
        (26, 6144),
        (27, 12288),
        (28, 12288),
        (29, 336),
        (30, 3072),
        (34, 324),
        (35, 396),
        (39, 816),
        (40, 864),
    ];
    for (number, bytes) in reckoned {
        assert_eq!(Packing::of(number).bytes(&[512, 3]), Some(bytes), "{}", Packing::of(number));
        assert_eq!(Packing::of(number).number(), number);
    }
}

#[test]
fn rows_are_whole_blocks_and_nothing_overflows() {
    assert_eq!(Packing::Q4_K.bytes(&[128, 2]), None, "half a block a row");
    assert_eq!(Packing::F32.bytes(&[0, 2]), None);
    assert_eq!(Packing::F32.bytes(&[u64::MAX, 2]), None);
    assert_eq!(Packing::F32.bytes(&[1 << 62]), None);
    assert_eq!(Packing::F32.bytes(&[]), None);
    assert_eq!(Packing::of(4).bytes(&[32]), None);
    assert_eq!(Packing::of(4).to_string(), "type 4");
    assert_eq!(Packing::Q4_K.to_string(), "Q4_K");
}
