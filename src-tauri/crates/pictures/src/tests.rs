use image::{Rgb, Rgba, RgbaImage};
use tempfile::TempDir;

use super::*;

/// In this process: where it runs besides is for the app's own tests.
fn look(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    serve(bytes, &mut answer).map(|()| answer)
}

/// What a camera writes and nobody is meant to see.
const SECRET: &[u8] = b"52.3676 N 4.9041 E";

#[test]
fn every_kind_comes_out_as_a_plain_file_of_its_size() {
    let desk = Desk::new();
    for (format, extension) in
        [(ImageFormat::Png, "png"), (ImageFormat::Jpeg, "jpg"), (ImageFormat::WebP, "png")]
    {
        let picture = desk.ready(&encoded(&stripes(60, 40), format)).unwrap();
        assert_eq!((picture.width, picture.height), (60, 40));
        assert_eq!(picture.path.extension().unwrap(), extension);
        let kept = image::open(&picture.path).unwrap().into_rgb8();
        assert_eq!(kept.dimensions(), (60, 40));
        if format != ImageFormat::Jpeg {
            assert_eq!(kept, stripes(60, 40), "not a pixel is lost");
        }
    }
}

#[test]
fn a_picture_taken_sideways_stands_upright() {
    // Left half red, right half blue; turned by a quarter the red is on top (6) or below (8).
    let flag = RgbImage::from_fn(64, 32, |x, _| if x < 32 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) });
    let desk = Desk::new();
    for (orientation, red) in [(1, (5, 15)), (3, (60, 15)), (6, (15, 5)), (8, (15, 60))] {
        let jpeg = with_exif_in_jpeg(&encoded(&flag, ImageFormat::Jpeg), orientation);
        let png = with_exif_in_png(&encoded(&flag, ImageFormat::Png), orientation);
        for bytes in [jpeg, png] {
            let picture = desk.ready(&bytes).unwrap();
            let upright = if orientation < 5 { (64, 32) } else { (32, 64) };
            assert_eq!((picture.width, picture.height), upright, "{orientation}");
            let kept = image::open(&picture.path).unwrap().into_rgb8();
            assert_eq!(kept.dimensions(), upright);
            let Rgb([r, _, b]) = *kept.get_pixel(red.0, red.1);
            assert!(r > 200 && b < 50, "{orientation}: {r} {b}");
        }
    }
}

#[test]
fn where_and_when_it_was_taken_is_gone() {
    let desk = Desk::new();
    let picture = stripes(50, 50);
    let jpeg = with_exif_in_jpeg(&encoded(&picture, ImageFormat::Jpeg), 1);
    let png = with_exif_in_png(&encoded(&picture, ImageFormat::Png), 1);
    for bytes in [jpeg, png] {
        assert!(holds(&bytes, SECRET) && holds(&bytes, b"Exif") | holds(&bytes, b"eXIf"));
        let kept = fs::read(desk.ready(&bytes).unwrap().path).unwrap();
        assert!(!holds(&kept, SECRET) && !holds(&kept, b"Exif") && !holds(&kept, b"eXIf"));
    }
}

#[test]
fn profiles_and_texts_in_a_png_never_reach_a_decoder() {
    let desk = Desk::new();
    // What is compressed in them may be a thousand times as large as the file.
    let mut png = encoded(&stripes(50, 50), ImageFormat::Png);
    for kind in [b"iCCP", b"zTXt", b"iTXt", b"tEXt"] {
        png = with_png_chunk(&png, *kind, b"name\0\0compressed");
    }
    let bare = png::bare(&png);
    for kind in [b"iCCP", b"zTXt", b"iTXt", b"tEXt"] {
        assert!(holds(&png, kind) && !holds(&bare, kind));
    }
    assert_eq!(image::open(desk.ready(&png).unwrap().path).unwrap().into_rgb8(), stripes(50, 50));
    for length in 0..png.len() {
        let _ = png::bare(&png[..length]);
    }
    let other = encoded(&stripes(9, 9), ImageFormat::Jpeg);
    assert_eq!(png::bare(&other), other);
}

#[test]
fn large_pictures_are_scaled_and_thin_ones_keep_a_pixel() {
    let desk = Desk::new();
    let sizes = [
        ((1540, 40), (1540, 40)),
        ((1541, 10), (1540, 9)),
        ((3080, 200), (1540, 100)),
        ((100, 7000), (22, 1540)),
        ((20_000, 3), (1540, 1)),
        ((1, 1), (1, 1)),
    ];
    for ((width, height), (right_width, right_height)) in sizes {
        let grey = RgbImage::from_pixel(width, height, Rgb([90, 100, 110]));
        let picture = desk.ready(&encoded(&grey, ImageFormat::Png)).unwrap();
        assert_eq!((picture.width, picture.height), (right_width, right_height), "{width} × {height}");
        let kept = image::open(&picture.path).unwrap().into_rgb8();
        assert_eq!(kept.dimensions(), (right_width, right_height));
        assert_eq!(kept.get_pixel(0, 0), &Rgb([90, 100, 110]), "the colour stays");
    }
}

#[test]
fn what_is_transparent_shows_white_paper() {
    let desk = Desk::new();
    let mut logo = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
    logo.put_pixel(1, 1, Rgba([200, 0, 0, 255]));
    logo.put_pixel(2, 2, Rgba([0, 0, 0, 51]));
    let mut bytes = Vec::new();
    logo.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    let kept = image::open(desk.ready(&bytes).unwrap().path).unwrap();
    assert!(!kept.color().has_alpha());
    let kept = kept.into_rgb8();
    assert_eq!(kept.get_pixel(0, 0), &Rgb([255, 255, 255]));
    assert_eq!(kept.get_pixel(1, 1), &Rgb([200, 0, 0]));
    assert_eq!(kept.get_pixel(2, 2), &Rgb([204, 204, 204]));
}

#[test]
fn the_same_picture_is_one_file_and_one_that_was_cut_short_is_made_again() {
    let desk = Desk::new();
    let bytes = encoded(&stripes(30, 30), ImageFormat::Png);
    let first = desk.ready(&bytes).unwrap();
    let file = desk.home.path().join("source.png");
    fs::write(&file, &bytes).unwrap();
    assert_eq!(make_ready(Source::File(&file), &desk.folder(), look).unwrap(), first);
    assert_eq!(fs::read(&file).unwrap(), bytes, "the user's own is as it was");
    assert_eq!(desk.kept(), 1);

    let whole = fs::read(&first.path).unwrap();
    fs::write(&first.path, &whole[..20]).unwrap();
    desk.ready(&bytes).unwrap();
    assert_eq!(fs::read(&first.path).unwrap(), whole);
    assert_ne!(desk.ready(&encoded(&stripes(30, 31), ImageFormat::Png)).unwrap().path, first.path);
}

#[test]
fn moving_pictures_are_refused_kindly() {
    let desk = Desk::new();
    let still = encoded(&stripes(20, 20), ImageFormat::Png);
    let moving = with_png_chunk(&still, *b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    for bytes in [moving, animated_webp(), b"GIF89a\x01\x00\x01\x00\x00\x00\x00;".to_vec()] {
        let error = desk.ready(&bytes).unwrap_err();
        assert!(matches!(error, PictureError::Refused(Refused::Moving)), "{error:?}");
    }
    assert_eq!(desk.kept(), 0);
}

#[test]
fn what_is_not_a_picture_is_said_to_be_none() {
    let desk = Desk::new();
    let words: [&[u8]; 4] =
        [b"", b"a thousand words", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7"];
    for bytes in words {
        assert!(matches!(desk.ready(bytes), Err(PictureError::Refused(Refused::AnotherKind))));
    }
    let missing = make_ready(Source::File(&desk.home.path().join("none.png")), &desk.folder(), look);
    assert!(matches!(missing, Err(PictureError::Missing)));
    let folder = make_ready(Source::File(desk.home.path()), &desk.folder(), look);
    assert!(matches!(folder, Err(PictureError::Missing)), "a folder is no picture");
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_damaged_and_never_a_panic() {
    let desk = Desk::new();
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let whole = encoded(&stripes(40, 40), format);
        assert!(desk.ready(&whole).is_ok());
        for length in (16..whole.len() - 16).step_by(7) {
            let error = desk.ready(&whole[..length]).unwrap_err();
            assert!(
                matches!(error, PictureError::Refused(Refused::Damaged)),
                "{format:?} {length}: {error:?}"
            );
        }
    }
}

#[test]
fn bytes_that_were_changed_at_random_never_panic() {
    let desk = Desk::new();
    let mut state = 7u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap()
    };
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let whole = encoded(&stripes(40, 40), format);
        for _ in 0..80 {
            let mut bytes = whole.clone();
            for _ in 0..3 {
                let at = random() % bytes.len();
                bytes[at] = u8::try_from(random() % 256).unwrap();
            }
            // Whatever comes of it is a picture or a sentence.
            if let Err(error) = desk.ready(&bytes) {
                assert!(error.to_string().ends_with('.'));
            }
        }
    }
}

#[test]
fn what_follows_a_jpeg_is_no_part_of_it() {
    let desk = Desk::new();
    let mut bytes = encoded(&stripes(40, 40), ImageFormat::Jpeg);
    let alone = desk.ready(&bytes).unwrap();
    bytes.extend(b"\xff\xdaa film of the same moment");
    assert_eq!(desk.ready(&bytes).unwrap(), alone);
}

#[test]
fn a_picture_is_measured_before_it_is_opened() {
    let desk = Desk::new();
    let small = encoded(&stripes(20, 20), ImageFormat::Png);
    let high = u32::try_from(MOST_PIXELS / 10_000 + 1).unwrap();
    let error = desk.ready(&sized(&small, 10_000, high)).unwrap_err();
    let most = MOST_PIXELS / 1_000_000;
    assert_eq!(
        error.to_string(),
        format!("This picture is too large ({} megapixels). Up to {most} megapixels works.", most + 1)
    );
    for (width, height) in [(0, 0), (0, 9), (u32::MAX >> 1, u32::MAX >> 1)] {
        assert!(desk.ready(&sized(&small, width, height)).is_err(), "{width} × {height}");
    }

    let file = desk.home.path().join("large.png");
    fs::File::create(&file).unwrap().set_len(MOST_BYTES + 1).unwrap();
    let error = make_ready(Source::File(&file), &desk.folder(), look).unwrap_err();
    let most = MOST_BYTES / 1_000_000;
    let sentence = format!("This picture is too large ({} MB). Up to {most} MB works.", most + 1);
    assert_eq!(error.to_string(), sentence);
    let file = vec![0; usize::try_from(MOST_BYTES + 1).unwrap()];
    assert_eq!(desk.ready(&file).unwrap_err().to_string(), sentence);
}

#[cfg(not(target_os = "macos"))]
#[test]
fn a_phones_own_kind_is_named_where_the_system_cannot_read_it() {
    let desk = Desk::new();
    let error = desk.ready(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic").unwrap_err();
    assert!(matches!(error, PictureError::Refused(Refused::Heic)));
    assert_eq!(desk.kept(), 0);
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said() {
    let desk = Desk::new();
    fs::write(desk.folder(), "in the way").unwrap();
    let error = desk.ready(&encoded(&stripes(9, 9), ImageFormat::Png)).unwrap_err();
    assert!(matches!(error, PictureError::Folder(_)));
}

struct Desk {
    home: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { home: TempDir::new().unwrap() }
    }

    /// It is not there before the first picture is kept.
    fn folder(&self) -> std::path::PathBuf {
        self.home.path().join("pictures")
    }

    fn ready(&self, bytes: &[u8]) -> Result<Picture, PictureError> {
        make_ready(Source::Bytes(bytes), &self.folder(), look)
    }

    fn kept(&self) -> usize {
        fs::read_dir(self.folder()).map_or(0, Iterator::count)
    }
}

fn stripes(width: u32, height: u32) -> RgbImage {
    let byte = |n: u32| u8::try_from(n % 256).unwrap();
    RgbImage::from_fn(width, height, |x, y| Rgb([byte(x * 7), byte(y * 11), byte(x * y)]))
}

fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// EXIF of two entries: the orientation, and an artist whose name is a place.
fn exif(orientation: u16) -> Vec<u8> {
    let length = u32::try_from(SECRET.len()).unwrap();
    let mut exif = b"II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0]);
    exif.extend([orientation.to_le_bytes(), [0, 0]].concat());
    exif.extend([0x3b, 0x01, 2, 0]);
    exif.extend([length.to_le_bytes(), 38u32.to_le_bytes(), [0; 4]].concat());
    exif.extend(SECRET);
    exif
}

fn with_exif_in_jpeg(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let exif = [b"Exif\0\0".as_slice(), &exif(orientation)].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn with_exif_in_png(png: &[u8], orientation: u16) -> Vec<u8> {
    with_png_chunk(png, *b"eXIf", &exif(orientation))
}

/// `png` with another chunk after its header.
fn with_png_chunk(png: &[u8], kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).unwrap().to_be_bytes();
    let chunk = [kind.as_slice(), data].concat();
    [&png[..33], &length, &chunk, &crc(&chunk).to_be_bytes(), &png[33..]].concat()
}

/// `png` with a header that says another size.
fn sized(png: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut png = png.to_vec();
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// The checksum of a PNG's chunk (RFC 2083, appendix 15).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { 0xedb8_8320 } else { 0 })
    })
}

/// A WebP of one frame that says it is a film (RFC 9649, section 2.7.1).
fn animated_webp() -> Vec<u8> {
    let still = encoded(&stripes(16, 16), ImageFormat::WebP);
    let frame = &still[12..]; // past "RIFF", the length and "WEBP"
    let chunk =
        |kind: &[u8], data: &[u8]| [kind, &u32::try_from(data.len()).unwrap().to_le_bytes(), data].concat();
    let header = chunk(b"VP8X", &[2, 0, 0, 0, 15, 0, 0, 15, 0, 0]);
    let film = chunk(b"ANIM", &[0; 6]);
    let position = [0, 0, 0, 0, 0, 0, 15, 0, 0, 15, 0, 0, 40, 0, 0, 0];
    let frame = chunk(b"ANMF", &[position.as_slice(), frame].concat());
    let body = [b"WEBP".as_slice(), &header, &film, &frame].concat();
    chunk(b"RIFF", &body)
}
