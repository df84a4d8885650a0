//! How a model is to be loaded: what whoever knows the machine decides.

pub use sotto_engine_protocol::Device;

/// How a model is to be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// The most tokens of one talk that it may hold in mind.
    pub context: u32,
    /// The most tokens of other talks that it may keep in mind beside that.
    pub mind: u32,
    /// The most bytes of what it read to keep on the disk, so that it need not be read again
    /// after a restart.
    pub keep: u64,
    /// What to compute on.
    pub device: Device,
    /// How many of the processor's cores to leave to others.
    pub spare_cores: u32,
    /// The most bytes of memory that it may take beside the files that it maps; all that
    /// the machine has where nothing is said.
    pub memory: Option<u64>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { context: 16_384, mind: 8192, keep: 0, device: Device::Auto, spare_cores: 0, memory: None }
    }
}
