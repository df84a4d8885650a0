use std::path::PathBuf;

use super::*;
use crate::test_dir::TestDir;

#[test]
fn a_picture_is_rows_of_cells_and_each_row_has_an_end() {
    let sight = sight();
    assert_eq!(
        sight.ids(&fixture("dawn.png")).unwrap(),
        [[10; 5].as_slice(), &[12]]
            .concat()
            .repeat(2)
            .into_iter()
            .chain([10, 10, 10, 10, 10, 13])
            .collect::<Vec<_>>()
    );
    let ids = sight.ids(&fixture("moss.png")).unwrap();
    assert_eq!(ids.len(), 30);
    assert_eq!(ids.iter().filter(|id| **id == 12).count(), 5);
    assert_eq!(ids.last(), Some(&13));
}

#[test]
fn the_picture_that_is_given_has_the_cells_that_were_counted() {
    let sight = sight();
    let folder = TestDir::new();
    for (width, height) in [(1, 1), (28, 29), (3000, 1), (2, 900), (223, 225), (640, 480)] {
        let path = folder.path().join(format!("{width}x{height}.png"));
        RgbImage::from_pixel(width, height, Rgb([9, 90, 200])).save(&path).unwrap();
        let ids = sight.ids(&path).unwrap();
        assert_eq!(ids.len(), sight.scale.picture_tokens(width, height) as usize);
        let shown = sight.show([path.as_path()].into_iter()).unwrap();
        let named = shown.name_cells(ids.clone()).unwrap();
        let cells: Vec<u32> = named.iter().copied().filter(|id| *id >= FIRST_PICTURE_TOKEN).collect();
        assert_eq!(cells.len(), ids.iter().filter(|id| **id == 10).count(), "{width} × {height}");
        assert!(cells.windows(2).all(|pair| pair[1] == pair[0] + 1), "one after another");
    }
}

#[test]
fn the_same_pixels_have_the_same_tokens_and_others_have_others() {
    let sight = sight();
    let folder = TestDir::new();
    let first = |name: &str, colour: u8| {
        let path = folder.path().join(name);
        RgbImage::from_pixel(30, 30, Rgb([colour; 3])).save(&path).unwrap();
        sight.show([path.as_path()].into_iter()).unwrap().pictures[0].first
    };
    let one = first("one.png", 1);
    assert_ne!(first("two.png", 2), one);
    for colour in 10..30 {
        first("others.png", colour);
    }
    assert_eq!(first("again.png", 1), one, "long after it was let go");
}

#[test]
fn half_a_picture_is_never_shown() {
    let shown = sight().show([fixture("dawn.png").as_path()].into_iter()).unwrap();
    for cells in [14, 16] {
        assert!(matches!(shown.name_cells(vec![10; cells]), Err(Fault::PictureChanged)));
    }
    assert!(shown.name_cells(vec![10; 15]).is_ok());
}

#[test]
fn larger_pictures_are_scaled_and_their_cost_is_bounded() {
    let official = scale(1540, 1540);
    let cost = |width, height| official.picture_tokens(width, height);
    assert_eq!(official.cells(700, 700), (25, 25));
    assert_eq!((cost(700, 700), cost(4000, 4000)), (650, 650), "the most that a picture costs");
    assert_eq!((cost(1920, 1080), cost(1080, 1920)), (26 * 15, 16 * 25));
    assert_eq!((cost(280, 280), cost(1, 1), cost(28, 29), cost(10_000, 3)), (110, 2, 4, 26));
    assert_eq!(scale(224, 1540).cells(4000, 2000), (8, 4), "the model's own limit");
    assert_eq!(scale(1540, 100).cells(4000, 4000), (3, 3), "it has no places for more");
}

#[test]
fn a_model_of_no_size_is_damaged() {
    assert_eq!(Scale::new(&config(0), &Value::Null), None);
    assert_eq!(Scale::new(&config(27), &Value::Null), None, "less than a cell");
    assert_eq!(Scale::new(&Value::Null, &Value::Null), None);
}

fn scale(own: u32, largest: u32) -> Scale {
    Scale::new(&config(largest), &serde_json::json!({"size": {"longest_edge": own}})).unwrap()
}

fn config(image_size: u32) -> Value {
    serde_json::json!({
        "spatial_merge_size": 2, "vision_config": {"patch_size": 14, "image_size": image_size},
    })
}

fn sight() -> Sight {
    let control = |name: &str| {
        [("[IMG]", 10), ("[IMG_BREAK]", 12), ("[IMG_END]", 13)]
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, id)| *id)
    };
    Sight::of(&Folder::open(&fixture("hf")).unwrap(), &control).unwrap().unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/ministral3-tiny").join(name)
}
