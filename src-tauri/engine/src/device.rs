//! What the model computes on: the processor, or graphics where this engine was built
//! for them and they are there.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
};

use candle_core::Device;
use sotto_engine_protocol as protocol;

use crate::cores;

/// A place to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Processor,
    /// A graphics card of NVIDIA's, counted from 0.
    Cuda(u32),
    /// Apple's graphics.
    Metal,
}

impl Place {
    /// Said where graphics were there, and the model did not run on them.
    pub const NO_ROOM: &str = "The model could not be run on the graphics card, so it runs on the processor: the same answers, more slowly.";

    pub const OURS_ALONE: &str =
        "This model cannot be run on the graphics card, so it runs on the processor.";

    /// The place that was asked for. Where that is not to be had it is the processor, and
    /// a sentence says so.
    pub fn find(asked: protocol::Device) -> (Self, Option<String>) {
        let wanted = match asked {
            protocol::Device::Auto => {
                let best = [Self::Metal, Self::Cuda(0)].into_iter().find(|place| place.is_there());
                return (best.unwrap_or(Self::Processor), None);
            }
            protocol::Device::Cpu => Self::Processor,
            protocol::Device::Cuda(number) => Self::Cuda(number),
            protocol::Device::Metal => Self::Metal,
        };
        if wanted.is_there() {
            return (wanted, None);
        }
        let sentence = "The graphics card that was chosen cannot be used here, so the model runs on the processor: \
                        the same answers, more slowly.";
        (Self::Processor, Some(sentence.into()))
    }

    fn is_there(self) -> bool {
        self.device().is_ok()
    }

    /// The same for candle, or why it is not to be had. Drivers that are missing make its
    /// libraries panic.
    pub fn device(self) -> Result<Device, String> {
        let found = catch_unwind(AssertUnwindSafe(|| match self {
            Self::Processor => Ok(Device::Cpu),
            Self::Cuda(number) => Device::new_cuda(number as usize),
            Self::Metal => Device::new_metal(0),
        }));
        match found {
            Ok(device) => device.map_err(|error| error.to_string()),
            Err(_) => Err(format!("{self} has no driver")),
        }
    }
}

/// In words for the advanced page.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Processor => write!(f, "CPU, {} threads", cores::threads()),
            Self::Cuda(number) => write!(f, "NVIDIA graphics, card {}", number + 1),
            Self::Metal => f.write_str("Apple graphics"),
        }
    }
}

#[cfg(test)]
mod tests;
