//! Paths as JSON: as text where they are text, and else as the very bytes, or on Windows the
//! very units, that the system knows them by.

use std::{ffi::OsString, path::PathBuf};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Raw(Vec<u16>),
}

#[allow(clippy::ref_option)] // what serde hands over
pub(super) fn serialize<S: Serializer>(path: &Option<PathBuf>, to: S) -> Result<S::Ok, S::Error> {
    let written = path.as_ref().map(|path| match path.to_str() {
        Some(text) => Written::Text(text.to_owned()),
        None => Written::Raw(units(path)),
    });
    written.serialize(to)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PathBuf>, D::Error> {
    Ok(match Option::<Written>::deserialize(from)? {
        None => None,
        Some(Written::Text(text)) => Some(text.into()),
        Some(Written::Raw(units)) => Some(path(&units).ok_or(serde::de::Error::custom("not a path"))?.into()),
    })
}

#[cfg(unix)]
fn units(path: &std::path::Path) -> Vec<u16> {
    std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()).iter().map(|&byte| byte.into()).collect()
}

#[cfg(unix)]
fn path(units: &[u16]) -> Option<OsString> {
    let bytes: Option<Vec<u8>> = units.iter().map(|&unit| u8::try_from(unit).ok()).collect();
    bytes.map(std::os::unix::ffi::OsStringExt::from_vec)
}

#[cfg(windows)]
fn units(path: &std::path::Path) -> Vec<u16> {
    std::os::windows::ffi::OsStrExt::encode_wide(path.as_os_str()).collect()
}

#[cfg(windows)]
#[allow(clippy::unnecessary_wraps)]
fn path(units: &[u16]) -> Option<OsString> {
    Some(std::os::windows::ffi::OsStringExt::from_wide(units))
}

#[cfg(test)]
mod tests {
    use super::super::Settings;

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_no_text_is_kept_byte_for_byte() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt, path::PathBuf};

        for name in [&b"/m/na\xefve.gguf"[..], "/m/naïve.gguf".as_bytes(), b"/m/\xff\xfe"] {
            let model = Some(PathBuf::from(OsStr::from_bytes(name)));
            let settings = Settings { model, ..Settings::default() };
            let text = serde_json::to_string(&settings).unwrap();
            assert_eq!(serde_json::from_str::<Settings>(&text).unwrap(), settings);
        }
    }
}
