//! The real window, used as a writer uses it: the built app with the real engine
//! and a tiny model, on a screen of its own, driven by its `WebDriver`.
//!
//! It needs the app and the engine to be built: `cargo xtask test` sees to both.

// WebKit's driver, which lets us into the window, exists on Linux alone.
#![cfg(target_os = "linux")]
// The tests start the screen, the driver and, through it, the app.
#![allow(clippy::disallowed_methods)]
// A test may end here and now, and say why; clippy knows that of test functions only.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]

mod about;
mod account;
mod beside;
mod cloud;
mod desk;
mod driver;
mod everybody;
mod feed;
mod first_run;
mod full;
mod given;
mod group;
mod habits;
mod keys;
mod margin;
mod nowhere;
mod page;
mod pages;
mod quiet;
mod starts;
mod talk;
mod window;
mod writing;
