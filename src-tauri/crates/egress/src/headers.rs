//! The headers of one departure. A secret one is written nowhere but on the wire.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use sotto_domain::Secret;

use crate::Failure;

/// What goes along with a departure besides its body.
#[derive(Debug, Default)]
pub struct Headers(Vec<(&'static str, Value)>);

#[derive(Debug)]
enum Value {
    Plain(String),
    Secret { before: &'static str, secret: Secret },
}

impl Headers {
    /// No headers yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that anybody may read.
    #[must_use]
    pub fn plain(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, Value::Plain(value.into())));
        self
    }

    /// One that holds a key: `secret("x-api-key", key)`.
    #[must_use]
    pub fn secret(mut self, name: &'static str, secret: Secret) -> Self {
        self.0.push((name, Value::Secret { before: "", secret }));
        self
    }

    /// `authorization: Bearer …`
    #[must_use]
    pub fn bearer(mut self, secret: Secret) -> Self {
        self.0.push(("authorization", Value::Secret { before: "Bearer ", secret }));
        self
    }

    pub(crate) fn to_map(&self) -> Result<HeaderMap, Failure> {
        let mut map = HeaderMap::new();
        for (name, value) in &self.0 {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Failure::BadHeader)?;
            // The door speaks for itself where a request begins and ends.
            if name == "host" || name == "content-length" || name == "transfer-encoding" {
                return Err(Failure::BadHeader);
            }
            let value = match value {
                Value::Plain(text) => HeaderValue::from_str(text),
                Value::Secret { secret, .. } if !is_plain(secret) => return Err(Failure::BadHeader),
                Value::Secret { before, secret } => {
                    HeaderValue::from_str(&format!("{before}{}", secret.expose("it goes on the wire"))).map(
                        |mut value| {
                            value.set_sensitive(true);
                            value
                        },
                    )
                }
            };
            map.insert(name, value.map_err(|_| Failure::BadHeader)?);
        }
        Ok(map)
    }
}

/// Keys are written with what is on every keyboard. A mark or a letter from elsewhere came along
/// when the key was copied; on the wire it would be bytes that mean nothing.
fn is_plain(secret: &Secret) -> bool {
    secret.expose("its letters are looked at").bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_does_not_show_in_debug() {
        let headers = Headers::new().bearer(Secret::new("sk-private".into())).plain("accept", "*/*");
        assert!(!format!("{headers:?}").contains("private"));
        assert!(!format!("{:?}", headers.to_map().unwrap()).contains("private"));
    }

    #[test]
    fn a_key_cannot_smuggle_another_header_in() {
        let headers = Headers::new().bearer(Secret::new("sk-x\r\nx-more: yes".into()));
        assert!(matches!(headers.to_map(), Err(Failure::BadHeader)));
    }

    #[test]
    fn a_key_with_what_no_key_has_does_not_leave() {
        for text in ["\u{feff}sk-x", "sk-\u{200b}x", "sk-é", "sk x", "sk-\u{7f}x", "sk-\tx"] {
            let headers = Headers::new().bearer(Secret::new(text.into()));
            assert!(matches!(headers.to_map(), Err(Failure::BadHeader)), "{text:?}");
        }
    }

    #[test]
    fn nobody_says_another_length_or_host_than_the_door() {
        for name in ["Host", "Content-Length", "Transfer-Encoding"] {
            assert!(matches!(Headers::new().plain(name, "1").to_map(), Err(Failure::BadHeader)));
        }
    }
}
