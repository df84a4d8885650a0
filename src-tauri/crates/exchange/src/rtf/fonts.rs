//! How the letters of a font are written, by the number that RTF has for it.

use encoding_rs::Encoding;

/// `None` where the whole file's encoding holds.
pub(super) fn encoding(charset: i32) -> Option<&'static Encoding> {
    let label = match charset {
        128 => "shift_jis",
        129 => "euc-kr",
        134 => "gbk",
        136 => "big5",
        161 => "windows-1253",
        162 => "windows-1254",
        163 => "windows-1258",
        177 => "windows-1255",
        178 => "windows-1256",
        186 => "windows-1257",
        204 => "windows-1251",
        222 => "windows-874",
        238 => "windows-1250",
        _ => return None,
    };
    Encoding::for_label(label.as_bytes())
}
