//! The library's key as the user writes it down: fourteen groups of four letters and digits, the last
//! of which tell a slip of the pen.

use sha2::{Digest, Sha256};
use sotto_domain::{LibraryKey, Secret};
use zeroize::Zeroizing;

/// None of them is taken for another: there is no I, L, O or U (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Bytes that tell whether the others are as they were.
const CHECK: usize = 3;
const LENGTH: usize = LibraryKey::LENGTH + CHECK;
const GROUP: usize = 4;

/// Why something is no recovery key. It holds no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRecoveryKey {
    /// It is longer or shorter, or has other letters.
    #[error(
        "This is not a recovery key: one has fourteen groups of four letters and digits, as Sotto wrote it. \
         Nothing was changed."
    )]
    Form,
    /// A letter of it is another.
    #[error("There is a slip in this recovery key: a letter or digit of it is wrong. Nothing was changed.")]
    Slip,
}

/// The key in letters.
pub fn recovery_key(key: &LibraryKey) -> Secret {
    let mut text = Zeroizing::new(String::with_capacity(2 * LENGTH));
    let (mut bits, mut held, mut letters) = (0_u32, 0_u32, 0);
    let key = key.expose("it is written down by the user");
    for byte in key.iter().copied().chain(check(key)) {
        (bits, held) = (bits << 8 | u32::from(byte), held + 8);
        while held >= 5 {
            held -= 5;
            if letters > 0 && letters % GROUP == 0 {
                text.push('-');
            }
            text.push(char::from(LETTERS[(bits >> held & 31) as usize]));
            letters += 1;
        }
        bits &= (1 << held) - 1;
    }
    Secret::new(text.as_str().into())
}

/// The key of these letters. Small letters, blanks and dashes make no difference, and O, I and L
/// count as the digits that they look like.
///
/// # Errors
/// [`NoRecoveryKey`].
pub fn read_recovery_key(text: &Secret) -> Result<LibraryKey, NoRecoveryKey> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    let (mut bits, mut held, mut at) = (0_u32, 0_u32, 0);
    for letter in text.expose("it is read").chars().filter(|letter| !letter.is_whitespace() && *letter != '-')
    {
        let letter = match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            letter => letter,
        };
        let value = LETTERS.iter().position(|one| char::from(*one) == letter).ok_or(NoRecoveryKey::Form)?;
        let value = u32::try_from(value).map_err(|_| NoRecoveryKey::Form)?;
        (bits, held) = (bits << 5 | value, held + 5);
        if held >= 8 {
            held -= 8;
            let byte = u8::try_from(bits >> held & 255).map_err(|_| NoRecoveryKey::Form)?;
            *bytes.get_mut(at).ok_or(NoRecoveryKey::Form)? = byte;
            at += 1;
            bits &= (1 << held) - 1;
        }
    }
    if at < LENGTH || held > 0 {
        return Err(NoRecoveryKey::Form);
    }
    let mut key = Zeroizing::new([0; LibraryKey::LENGTH]);
    key.copy_from_slice(&bytes[..LibraryKey::LENGTH]);
    if check(&key) != bytes[LibraryKey::LENGTH..] {
        return Err(NoRecoveryKey::Slip);
    }
    Ok(LibraryKey::new(*key))
}

fn check(key: &[u8; LibraryKey::LENGTH]) -> [u8; CHECK] {
    let sum = Sha256::digest(key);
    [sum[0], sum[1], sum[2]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> LibraryKey {
        let mut bytes = [byte; 32];
        bytes[0] = 0;
        bytes[31] = 255;
        LibraryKey::new(bytes)
    }

    fn read(text: &str) -> Result<[u8; 32], NoRecoveryKey> {
        read_recovery_key(&Secret::new(text.into())).map(|key| *key.expose("a test"))
    }

    #[test]
    fn every_key_is_read_back_however_it_is_typed() {
        for byte in 0..=255 {
            let key = key(byte);
            let written = recovery_key(&key);
            let written = written.expose("a test");
            assert_eq!(written.split('-').map(str::len).collect::<Vec<_>>(), [4; 14], "{written}");
            for typed in [
                written.to_owned(),
                written.to_lowercase(),
                written.replace('-', ""),
                format!("  {}\n", written.replace('-', " ")),
                written.replace('0', "o").replace('1', "l"),
            ] {
                assert_eq!(read(&typed).as_ref(), Ok(key.expose("a test")), "{typed}");
            }
        }
    }

    #[test]
    fn a_slip_is_noticed_wherever_it_is() {
        let written = recovery_key(&key(0x5a)).expose("a test").to_owned();
        for (at, letter) in written.char_indices().filter(|(_, letter)| *letter != '-') {
            let other = if letter == 'Z' { 'Y' } else { 'Z' };
            let typed = format!("{}{other}{}", &written[..at], &written[at + 1..]);
            assert_eq!(read(&typed), Err(NoRecoveryKey::Slip), "{at}");
        }
        for typed in ["", "sk-a-key-of-a-provider", &written[1..], &format!("{written}0"), &"9".repeat(9000)]
        {
            assert_eq!(read(typed), Err(NoRecoveryKey::Form), "{typed}");
        }
    }
}
