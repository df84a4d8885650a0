//! Messages that name each other as a tree in which each stands behind the one that it follows.

use std::collections::{HashMap, HashSet};

use sotto_domain::{Role, Timestamp};

use super::{By, Said};

/// A message as its app writes it down.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub parent: Option<String>,
    pub children: Vec<String>,
    /// None where it is not shown: its children follow what it followed.
    pub said: Option<Saying>,
}

#[derive(Debug)]
pub(super) struct Saying {
    pub role: Role,
    pub text: String,
    pub at: Option<Timestamp>,
    pub by: By,
    pub pictures: Vec<String>,
    pub left_out: usize,
}

/// The messages, and where the one of this name stands. Links that lead nowhere or in a circle are
/// not followed; those that are missing in one direction are taken from the other.
pub(super) fn ordered(
    mut nodes: HashMap<String, Node>,
    order: &[String],
    head: Option<&str>,
    begun: Timestamp,
) -> (Vec<Said>, Option<usize>) {
    let mut below: HashMap<String, Vec<String>> = HashMap::new();
    let mut roots = Vec::new();
    let mut parent_of: HashMap<String, String> = HashMap::new();
    for (id, node) in &nodes {
        for child in &node.children {
            parent_of.entry(child.clone()).or_insert_with(|| id.clone());
        }
    }
    for id in order {
        let Some(node) = nodes.get(id) else { continue };
        let parent = node
            .parent
            .clone()
            .filter(|parent| nodes.contains_key(parent))
            .or_else(|| parent_of.get(id).cloned());
        match parent {
            Some(parent) if parent != *id => below.entry(parent).or_default().push(id.clone()),
            _ => roots.push(id.clone()),
        }
    }
    let (mut out, mut places, mut seen) = (Vec::<Said>::new(), HashMap::new(), HashSet::new());
    // What is only in a circle has no root: it begins where it was written first.
    let starts = roots.iter().chain(order);
    for start in starts {
        let mut waiting = vec![(start.clone(), None::<usize>, true)];
        while let Some((id, parent, only)) = waiting.pop() {
            if !seen.insert(id.clone()) {
                continue;
            }
            let Some(node) = nodes.remove(&id) else { continue };
            let mut place = parent;
            if let Some(Saying { role, text, at, by, pictures, left_out }) = node.said {
                let at = at.unwrap_or_else(|| {
                    parent.and_then(|at| out.get(at)).map_or(begun, |before| before.at + 1)
                });
                let goes_on = parent
                    .filter(|_| only)
                    .and_then(|at| out.get_mut(at))
                    .filter(|before| before.role == role);
                if let Some(before) = goes_on {
                    // An answer in several pieces is one.
                    let whole = [before.text.trim_end(), text.trim_start()].join("\n\n");
                    whole.trim().clone_into(&mut before.text);
                    before.pictures.extend(pictures);
                    before.left_out += left_out;
                } else {
                    place = Some(out.len());
                    out.push(Said { parent, role, text, at, by, pictures, left_out });
                }
            }
            if let Some(place) = place {
                places.insert(id.clone(), place);
            }
            let children = below.remove(&id).unwrap_or_default();
            let only = children.len() == 1;
            waiting.extend(children.into_iter().rev().map(|child| (child, place, only)));
        }
    }
    let head = head.and_then(|head| places.get(head).copied()).or_else(|| out.len().checked_sub(1));
    (out, head)
}
