//! Graphics cards, as far as the system tells without being asked through a driver.

use std::{fs, path::Path};

use serde::Serialize;

/// What is known of the graphics.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Graphics {
    /// On this system Sotto does not look.
    NotLookedFor,
    /// None was found.
    None,
    /// These cards.
    Found(Vec<Card>),
}

/// A graphics card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Its name, or its maker's.
    pub name: String,
    /// Its own memory in bytes, where the system says it.
    pub memory: Option<u64>,
}

/// Looks for them.
pub(super) fn look() -> Graphics {
    if cfg!(target_os = "linux") {
        look_in(Path::new("/proc/driver/nvidia/gpus"), Path::new("/sys/class/drm"))
    } else {
        Graphics::NotLookedFor
    }
}

fn look_in(nvidia: &Path, drm: &Path) -> Graphics {
    let mut cards = Vec::new();
    for card in folders(nvidia) {
        let text = fs::read_to_string(card.join("information")).unwrap_or_default();
        let name = text.lines().find_map(|line| line.strip_prefix("Model:"));
        cards.push(Card { name: name.unwrap_or("NVIDIA").trim().into(), memory: None });
    }
    for card in folders(drm) {
        // card0, but not card0-HDMI-A-1, which is a socket of it.
        let name = card.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let number = name.strip_prefix("card").unwrap_or("-");
        if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            continue;
        }
        let read = |file: &str| fs::read_to_string(card.join("device").join(file)).ok();
        let vendor = read("vendor").unwrap_or_default();
        let name = match vendor.trim() {
            // Told above, with its name, where its driver is there.
            "0x10de" if !cards.is_empty() => continue,
            "0x10de" => "NVIDIA",
            "0x1002" => "AMD",
            "0x8086" => "Intel",
            _ => continue,
        };
        let memory = read("mem_info_vram_total").and_then(|text| text.trim().parse().ok());
        cards.push(Card { name: name.into(), memory });
    }
    if cards.is_empty() { Graphics::None } else { Graphics::Found(cards) }
}

fn folders(path: &Path) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = fs::read_dir(path).into_iter().flatten().flatten().map(|e| e.path()).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_told_by_what_the_system_writes_of_them() {
        let place = tempfile::tempdir().unwrap();
        let (nvidia, drm) = (place.path().join("nvidia"), place.path().join("drm"));
        assert_eq!(look_in(&nvidia, &drm), Graphics::None);

        let write = |path: std::path::PathBuf, text: &str| {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(drm.join("card0/device/vendor"), "0x1002\n");
        write(drm.join("card0/device/mem_info_vram_total"), "8573157376\n");
        write(drm.join("card0-HDMI-A-1/device/vendor"), "0x1002\n");
        write(drm.join("card1/device/vendor"), "0x10de\n");
        write(nvidia.join("0000:01:00.0/information"), "Model: \t\t NVIDIA Something 9\nIRQ: 1\n");
        assert_eq!(
            look_in(&nvidia, &drm),
            Graphics::Found(vec![
                Card { name: "NVIDIA Something 9".into(), memory: None },
                Card { name: "AMD".into(), memory: Some(8_573_157_376) },
            ])
        );
    }
}
