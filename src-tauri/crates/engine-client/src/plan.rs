//! How a model is to be loaded: what whoever knows the machine decides.

pub use sotto_engine_protocol::Device;

/// How a model is to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The most tokens of one talk that it may hold in mind.
    pub context: u32,
    /// The most tokens of other talks that it may keep in mind beside that.
    pub mind: u32,
    /// What to compute on.
    pub device: Device,
    /// How many of the processor's cores to leave to others.
    pub spare_cores: u32,
}

impl Default for Plan {
    fn default() -> Self {
        Self { context: 16_384, mind: 8192, device: Device::Auto, spare_cores: 0 }
    }
}
