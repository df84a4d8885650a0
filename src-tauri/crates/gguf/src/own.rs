//! What a description says of one architecture.

use crate::{header::Header, refused::Why, value::Value};

/// The description's values of one architecture. Each is absent, or of the right type, or the
/// file is damaged.
#[derive(Clone, Copy)]
pub(crate) struct Own<'a> {
    pub header: &'a Header,
    pub prefix: &'a str,
}

/// Far above every model there is.
const LARGEST: u64 = 1 << 24;

impl<'a> Own<'a> {
    /// A number that every model has, not 0.
    pub fn figure(self, key: &str) -> Result<u32, Why> {
        let n = self.integer(key)?.ok_or_else(|| Why::Lacks(format!("its {key}")))?;
        let n = (1..LARGEST).contains(&n).then(|| u32::try_from(n).ok()).flatten();
        n.ok_or_else(|| self.damaged(key))
    }

    pub fn integer(self, key: &str) -> Result<Option<u64>, Why> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Integer(n)) => u64::try_from(*n).map(Some).map_err(|_| self.damaged(key)),
            // Some converters give a figure for each layer; of one that is the same in all it is that.
            Some(Value::List(items)) => match items.as_integers().as_deref() {
                Some([first, others @ ..]) if others.iter().all(|n| n == first) => {
                    u64::try_from(*first).map(Some).map_err(|_| self.damaged(key))
                }
                _ => Err(Why::Lacks(format!("one {key} for all its layers"))),
            },
            Some(_) => Err(self.damaged(key)),
        }
    }

    pub fn float(self, key: &str) -> Result<Option<f64>, Why> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Float(x)) if x.is_finite() => Ok(Some(*x)),
            Some(_) => Err(self.damaged(key)),
        }
    }

    pub fn text(self, key: &str) -> Result<Option<&'a str>, Why> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.damaged(key)),
        }
    }

    fn value(self, key: &str) -> Option<&'a Value> {
        self.header.value(&format!("{}.{key}", self.prefix))
    }

    pub fn damaged(self, key: &str) -> Why {
        Why::Damaged(format!("{}.{key} makes no sense", self.prefix))
    }
}

/// Whether Ollama's own converter has written a file: it names figures as nobody else does.
pub(crate) fn is_ollamas(header: &Header) -> bool {
    let keys = [
        "mistral3.rope.scaling_beta",
        "mistral3.rope.scaling.beta_fast",
        "mistral3.rope.scaling.mscale_all_dim",
        "mistral3.image_token_index",
    ];
    keys.iter().any(|key| header.value(key).is_some()) || header.says_of(&format!("{OLLAMAS}."))
}

/// What the figures of a part that sees are called, in a file of its own or joined to the model's.
pub(crate) const CLIP: &str = "clip.vision";
/// And in Ollama's files.
pub(crate) const OLLAMAS: &str = "mistral3.vision";

/// Whether a part that sees may lie beside the text model, in the same file.
pub(crate) fn may_see(header: &Header) -> bool {
    is_ollamas(header) || header.says_of(&format!("{CLIP}."))
}

/// Whether a tensor of this name is of the part that sees.
pub(crate) fn is_of_sight(name: &str) -> bool {
    name.starts_with("v.") || name.starts_with("mm.")
}
