use super::*;

#[test]
fn the_name_of_a_part_says_which_it_is() {
    let part = part_of("Big-Model-Q8_0-00002-of-00003.gguf").unwrap();
    assert_eq!((part.stem.as_str(), part.number, part.of), ("Big-Model-Q8_0", 2, 3));
    assert_eq!(part.called(1), "Big-Model-Q8_0-00001-of-00003.gguf");
    assert_eq!(part.all().count(), 3);
    assert_eq!(part_of("m-00001-of-00002.GGUF").unwrap().called(2), "m-00002-of-00002.GGUF");
    for name in [
        "m.gguf",
        "m-1-of-2.gguf",
        "m-00000-of-00002.gguf",
        "m-00003-of-00002.gguf",
        "m-00001-of-99999.gguf",
        "m-0000x-of-00002.gguf",
        "m-00001-of-00002.bin",
        "00001-of-00002.gguf",
        ".gguf",
        "é",
        "",
    ] {
        assert_eq!(part_of(name), None, "{name}");
    }
}
