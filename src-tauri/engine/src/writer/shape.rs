//! An answer held to a JSON schema: at each step only those tokens are left that can
//! still lead to JSON of that form.

use llguidance::{Matcher, ParserFactory, api::TopLevelGrammar};
use serde_json::{Value, json};

use crate::fault::Fault;

/// A form, and how far the answer has filled it.
pub struct Shape {
    matcher: Matcher,
}

impl Shape {
    /// The form that `schema`, a JSON schema as text, describes.
    pub fn new(factory: &ParserFactory, schema: &str) -> Result<Self, Fault> {
        let refused = |cause: String| {
            tracing::warn!("the schema was not understood: {cause}");
            Fault::NoSuchForm
        };
        let mut schema: Value = serde_json::from_str(schema).map_err(|error| refused(error.to_string()))?;
        let Some(object) = schema.as_object_mut() else { return Err(refused("it is no object".into())) };
        // Space as JSON is usually written: free, it could be written without end.
        object.insert(
            "x-guidance".into(),
            json!({"whitespace_flexible": false, "item_separator": ", ", "key_separator": ": "}),
        );
        let parser = factory.create_parser(TopLevelGrammar::from_json_schema(schema));
        let matcher = Matcher::new(parser);
        match matcher.get_error() {
            Some(cause) => Err(refused(cause)),
            None => Ok(Self { matcher }),
        }
    }

    /// Leaves of `logits` what may come next; of `ends` those where the form is filled.
    pub fn allow(&mut self, logits: &mut [f32], ends: &[u32]) -> Result<(), Fault> {
        let filled = self.matcher.is_accepting().map_err(|error| stumbled(&error))?;
        let mask = self.matcher.compute_mask_or_eos().map_err(|error| stumbled(&error))?;
        for (id, logit) in logits.iter_mut().enumerate() {
            let ends = ends.iter().any(|end| *end as usize == id);
            if !(if ends { filled } else { id < mask.len() && mask.get(id) }) {
                *logit = f32::NEG_INFINITY;
            }
        }
        Ok(())
    }

    /// Goes on: this token was written. Says whether nothing can follow it.
    pub fn read(&mut self, id: u32) -> Result<bool, Fault> {
        self.matcher.consume_token(id).map_err(|error| stumbled(&error))?;
        Ok(self.matcher.is_stopped())
    }
}

fn stumbled(error: &anyhow::Error) -> Fault {
    tracing::error!("the form cannot be followed: {error:#}");
    Fault::Stumbled
}
