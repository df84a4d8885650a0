//! Strings before which an answer ends. What may be the beginning of one is held back
//! until it is known to be none.

/// Looks out for them.
#[derive(Debug)]
pub struct Stops {
    stops: Vec<String>,
    held: String,
}

impl Stops {
    pub fn new(stops: &[String]) -> Self {
        Self { stops: stops.iter().filter(|stop| !stop.is_empty()).cloned().collect(), held: String::new() }
    }

    /// Reads on: what can be shown by now, and whether the answer ends there.
    pub fn read(&mut self, text: &str) -> (String, bool) {
        self.held.push_str(text);
        if let Some(at) = self.stops.iter().filter_map(|stop| self.held.find(stop.as_str())).min() {
            self.held.truncate(at);
            return (self.rest(), true);
        }
        let free = self.held.len() - self.begun();
        (self.held.drain(..free).collect(), false)
    }

    /// What was held back, where the answer has ended otherwise.
    pub fn rest(&mut self) -> String {
        std::mem::take(&mut self.held)
    }

    /// The length of the longest end of what is held that a stop begins with.
    fn begun(&self) -> usize {
        let starts = self.held.char_indices().map(|(at, _)| &self.held[at..]);
        let begins_one = |end: &&str| self.stops.iter().any(|stop| stop.starts_with(*end));
        starts.into_iter().find(begins_one).map_or(0, str::len)
    }
}

#[cfg(test)]
mod tests;
