//! How a model places words in a text: the rope, and how it was stretched.
//!
//! Two converters write the same figures under names of their own: llama.cpp's, and
//! Ollama's. Both are read into one form.

use crate::{family::Family, own::Own, refused::Why};

/// How positions turn queries and keys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rope {
    /// The base of its frequencies.
    pub base: f64,
    /// By how much all of its frequencies are divided: 1 but in Gemma 3.
    pub divided: f64,
    /// How it was stretched beyond the length that the model was first trained on.
    pub yarn: Option<Yarn>,
    /// How much queries grow with each whole `original` length: 0.1 in Ministral 3. Never
    /// without `yarn`.
    pub query_scale: Option<f64>,
}

/// The figures of `YaRN` (arXiv 2309.00071).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Yarn {
    /// How many times longer texts may be.
    pub factor: f64,
    /// The length before, in tokens.
    pub original: u64,
    /// The turns within `original` above which a frequency stays as it is.
    pub beta_fast: f64,
    /// The turns below which a frequency is stretched in full.
    pub beta_slow: f64,
    /// How the attention's temperature follows from the factor; `None`: as in the paper.
    pub mscale: Option<f64>,
    /// What that is divided by.
    pub mscale_all_dim: Option<f64>,
}

/// What llama.cpp takes where a file does not say.
const BASE: f64 = 10_000.0;
/// As in `YaRN` (Peng et al., 2023, section 3.2), and what llama.cpp takes.
const BETA_FAST: f64 = 32.0;
const BETA_SLOW: f64 = 1.0;

impl Rope {
    pub(crate) fn read(own: Own<'_>, family: Family, head_size: u64) -> Result<Self, Why> {
        if let Some(turned) = own.integer("rope.dimension_count")?
            && turned != head_size
        {
            return Err(Why::Rope(format!("{turned} of {head_size} numbers turned")));
        }
        let base = match own.float("rope.freq_base")? {
            None if family == Family::Gemma3 => return Err(Why::Lacks("its rope.freq_base".into())),
            base => base.unwrap_or(BASE),
        };
        if base <= 1.0 {
            return Err(Why::Damaged(format!("a rope of base {base}")));
        }
        let query_scale = either(own, ["attention.temperature_scale", "rope.scaling_beta"])?;
        let query_scale = query_scale.filter(|scale| scale.abs() > 0.0);
        let mut divided = 1.0;
        let yarn = match own.text("rope.scaling.type")? {
            Some("yarn") => Some(Yarn::read(own)?),
            Some("none") => None,
            None | Some("linear" | "default") => {
                let factor = either(own, ["rope.scaling.factor", "rope.scale_linear"])?;
                let factor = factor.filter(|factor| !is_one(*factor) && factor.abs() > 0.0);
                divided = match factor {
                    None => 1.0,
                    Some(factor) if family == Family::Gemma3 && factor > 1.0 => factor,
                    Some(_) => return Err(Why::Rope("linear".into())),
                };
                None
            }
            Some(other) => return Err(Why::Rope(other.into())),
        };
        if query_scale.is_some() && yarn.is_none() {
            return Err(Why::Rope("scaled queries without yarn".into()));
        }
        if yarn.is_some() && family == Family::Gemma3 {
            return Err(Why::Rope("yarn".into()));
        }
        Ok(Self { base, divided, yarn, query_scale })
    }
}

impl Yarn {
    fn read(own: Own<'_>) -> Result<Self, Why> {
        for key in
            ["rope.scaling.yarn_ext_factor", "rope.scaling.yarn_attn_factor", "rope.scaling.attn_factor"]
        {
            // Nobody of this family has them; what they would change is not computed.
            if own.float(key)?.is_some_and(|factor| !is_one(factor)) {
                return Err(Why::Rope(format!("yarn with {}", key.trim_start_matches("rope.scaling."))));
            }
        }
        let lacks = |what: &str| Why::Lacks(format!("its {what}"));
        let factor = own.float("rope.scaling.factor")?.ok_or_else(|| lacks("rope.scaling.factor"))?;
        let original = "rope.scaling.original_context_length";
        let original = own.integer(original)?.ok_or_else(|| lacks(original))?;
        let beta_fast = either(own, ["rope.scaling.yarn_beta_fast", "rope.scaling.beta_fast"])?;
        let beta_slow = either(own, ["rope.scaling.yarn_beta_slow", "rope.scaling.beta_slow"])?;
        let multiplier = own.float("rope.scaling.yarn_log_multiplier")?;
        let yarn = Self {
            factor,
            original,
            beta_fast: beta_fast.unwrap_or(BETA_FAST),
            beta_slow: beta_slow.unwrap_or(BETA_SLOW),
            // llama.cpp's converter writes `mscale_all_dim` alone: `mscale` is 1 in this family.
            mscale: own.float("rope.scaling.mscale")?.or(multiplier.map(|_| 1.0)),
            mscale_all_dim: own.float("rope.scaling.mscale_all_dim")?.or(multiplier),
        };
        let makes_sense = yarn.factor >= 1.0
            && yarn.factor <= 1e4
            && (1..1 << 24).contains(&yarn.original)
            && yarn.beta_slow > 0.0
            && yarn.beta_fast > yarn.beta_slow;
        makes_sense.then_some(yarn).ok_or_else(|| Why::Damaged(format!("{yarn:?}")))
    }
}

/// Figures are kept in 32 bits.
fn is_one(factor: f64) -> bool {
    (factor - 1.0).abs() < f64::from(f32::EPSILON)
}

/// What the first of two converters calls a figure, or else the second. Where both say it and
/// not the same, it is not known.
fn either(own: Own<'_>, keys: [&str; 2]) -> Result<Option<f64>, Why> {
    let [first, second] = [own.float(keys[0])?, own.float(keys[1])?];
    match (first, second) {
        (Some(a), Some(b)) if a.to_bits() != b.to_bits() => {
            Err(Why::Rope(format!("{} and {} differ", keys[0], keys[1])))
        }
        (first, second) => Ok(first.or(second)),
    }
}
