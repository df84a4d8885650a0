//! Lists as word processors have them: paragraphs that each say how deep they stand.

use crate::builder::Builder;

/// The lists that are open, outermost first; `None`: bullets.
#[derive(Default)]
pub(crate) struct Listing {
    open: Vec<Option<u32>>,
    /// How deep the builder stood before the first of them.
    base: usize,
}

/// Word and `OpenDocument` have nine and ten levels.
const DEEPEST: usize = 9;

impl Listing {
    /// Opens an item at a level, of a list that counts from there, or has bullets.
    pub fn item(&mut self, builder: &mut Builder, level: usize, order: Option<u32>) {
        let level = level.min(DEEPEST);
        if self.open.is_empty() {
            self.base = builder.depth();
        }
        self.close_to(builder, level + 1);
        if self.open.len() == level + 1 {
            if self.open[level].is_some() == order.is_some() {
                builder.close_last();
                builder.item();
                return;
            }
            self.close_to(builder, level);
        }
        while self.open.len() <= level {
            builder.list(order);
            builder.item();
            self.open.push(order);
        }
    }

    /// Whether an item at this level is open; what is deeper is closed.
    pub fn goes_on(&mut self, builder: &mut Builder, level: usize) -> bool {
        let there = level < self.open.len();
        if there {
            self.close_to(builder, level + 1);
        }
        there
    }

    /// Closes all.
    pub fn end(&mut self, builder: &mut Builder) {
        self.close_to(builder, 0);
    }

    fn close_to(&mut self, builder: &mut Builder, lists: usize) {
        if self.open.len() > lists {
            self.open.truncate(lists);
            // A list and its item for each.
            builder.close_to(self.base + 2 * lists);
        }
    }
}
