//! Whether the machine runs on its battery.

use starship_battery::{Manager, State};

/// Whether it does. A machine without a battery, or one that cannot be asked, does not.
pub fn on_battery() -> bool {
    let batteries = Manager::new().and_then(|manager| manager.batteries());
    batteries.is_ok_and(|batteries| drains(batteries.flatten().map(|battery| battery.state())))
}

/// Of several batteries one is emptied after the other, and all are charged together.
fn drains(states: impl Iterator<Item = State>) -> bool {
    states.into_iter().any(|state| state == State::Discharging)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_battery_that_drains_is_enough_and_none_is_none() {
        assert!(drains([State::Full, State::Discharging].into_iter()));
        assert!(!drains([State::Full, State::Charging, State::Unknown].into_iter()));
        assert!(!drains([].into_iter()));
    }
}
