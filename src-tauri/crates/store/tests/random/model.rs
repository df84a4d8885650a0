//! The simplest thing that could be a store: lists, and loops over them.

use std::collections::BTreeSet;

use sotto_domain::{ConversationId, MessageId, MessageState, ProjectId, Role, Timestamp};
use sotto_store::{NewMessage, Store, StoreError, TrashKind};

use crate::Dice;

const WORDS: [&str; 6] = ["sea", "salt", "road", "lighthouse", "東京", "dusk"];

/// What the store should hold.
#[derive(Default)]
pub struct Model {
    talks: Vec<Talk>,
    projects: Vec<Project>,
    messages: Vec<Message>,
}

struct Talk {
    id: ConversationId,
    project: Option<ProjectId>,
    title: String,
    draft: String,
    head: Option<MessageId>,
    updated_at: Timestamp,
    trashed_at: Option<Timestamp>,
}

struct Project {
    id: ProjectId,
    name: String,
    trashed_at: Option<Timestamp>,
}

struct Message {
    id: MessageId,
    talk: ConversationId,
    parent: Option<MessageId>,
    role: Role,
    text: String,
    state: MessageState,
}

impl Model {
    /// Does one thing, chosen by `dice`, to itself and to `store`.
    pub fn step(&mut self, store: &Store, dice: &mut Dice, now: Timestamp) {
        match dice.throw(28) {
            0 | 1 => {
                let project = self.any_project(dice);
                let trashed = self.project_trashed(project).is_some();
                match store.create_conversation(project, "", now) {
                    Ok(talk) => self.talks.push(Talk {
                        id: talk.id,
                        project,
                        title: String::new(),
                        draft: String::new(),
                        head: None,
                        updated_at: now,
                        trashed_at: None,
                    }),
                    Err(error) => assert!(trashed && matches!(error, StoreError::NotFound)),
                }
            }
            2 => {
                let project = store.create_project("", now).unwrap().id;
                self.projects.push(Project { id: project, name: String::new(), trashed_at: None });
            }
            3 => {
                if let Some(nth) = pick(&self.projects, dice) {
                    let project = &mut self.projects[nth];
                    project.name = phrase(dice);
                    store.update_project(project.id, &project.name, "").unwrap();
                }
            }
            4 => {
                if let Some(nth) = pick(&self.projects, dice) {
                    let project = &mut self.projects[nth];
                    project.trashed_at = project.trashed_at.or(Some(now));
                    store.trash_project(project.id, now).unwrap();
                }
            }
            5 => {
                if let Some(nth) = pick(&self.projects, dice) {
                    self.projects[nth].trashed_at = None;
                    store.restore_project(self.projects[nth].id).unwrap();
                }
            }
            6 if dice.throw(6) == 0 => self.empty_trash(store),
            7 => {
                store.mark_interrupted().unwrap();
                for message in self.messages.iter_mut().filter(|m| m.state == MessageState::Streaming) {
                    message.state = MessageState::Interrupted;
                }
            }
            8 | 9 => self.update_answer(store, dice),
            10 | 11 => {
                if let Some(nth) = pick(&self.messages, dice) {
                    let (chosen, talk) = (self.messages[nth].id, self.messages[nth].talk);
                    store.choose(chosen).unwrap();
                    let below = |m: &&Message| m.talk == talk && self.path(m.id).contains(&chosen);
                    let last = self.messages.iter().filter(below).map(|m| m.id).max();
                    self.talks.iter_mut().find(|t| t.id == talk).unwrap().head = last;
                }
            }
            nth => {
                if let Some(talk) = pick(&self.talks, dice) {
                    self.change(talk, nth, store, dice, now);
                }
            }
        }
    }

    /// Changes the conversation at `at`.
    fn change(&mut self, at: usize, what: usize, store: &Store, dice: &mut Dice, now: Timestamp) {
        let project = self.any_project(dice);
        let project_usable = self.project_trashed(project).is_none();
        let own_project_trashed = self.project_trashed(self.talks[at].project).is_some();
        let talk = &mut self.talks[at];
        match what {
            12 => {
                talk.title = phrase(dice);
                store.rename_conversation(talk.id, &talk.title).unwrap();
            }
            13 => {
                talk.draft = phrase(dice);
                store.save_draft(talk.id, &talk.draft).unwrap();
            }
            14 => match store.move_conversation(talk.id, project) {
                Ok(()) => talk.project = project,
                Err(_) => assert!(!project_usable),
            },
            15 => {
                talk.trashed_at = talk.trashed_at.or(Some(now));
                store.trash_conversation(talk.id, now).unwrap();
            }
            16 => {
                talk.trashed_at = None;
                if own_project_trashed {
                    talk.project = None;
                }
                store.restore_conversation(talk.id).unwrap();
            }
            _ => {
                let family: Vec<_> =
                    self.messages.iter().filter(|m| m.talk == talk.id).map(|m| m.id).collect();
                let parent = pick(&family, dice).filter(|_| dice.throw(8) > 0).map(|nth| family[nth]);
                let (role, state) = match dice.throw(3) {
                    0 => (Role::User, MessageState::Complete),
                    1 => (Role::Assistant, MessageState::Streaming),
                    _ => (Role::Assistant, MessageState::Stopped),
                };
                let text = phrase(dice);
                let new = NewMessage {
                    conversation: talk.id,
                    parent,
                    role,
                    text: text.clone(),
                    state,
                    made: None,
                    pictures: vec![],
                };
                let id = store.add_message(new, now).unwrap().id;
                (talk.head, talk.updated_at) = (Some(id), now);
                self.messages.push(Message { id, talk: talk.id, parent, role, text, state });
            }
        }
    }

    fn update_answer(&mut self, store: &Store, dice: &mut Dice) {
        let Some(nth) = pick(&self.messages, dice) else { return };
        let message = &mut self.messages[nth];
        let state = if dice.throw(2) == 0 { MessageState::Streaming } else { MessageState::Complete };
        let text = phrase(dice);
        let outcome = store.update_answer(message.id, &text, state, None, None);
        if message.role == Role::Assistant {
            outcome.unwrap();
            (message.text, message.state) = (text, state);
        } else {
            assert!(matches!(outcome, Err(StoreError::NotFound)));
        }
    }

    fn empty_trash(&mut self, store: &Store) {
        assert_eq!(store.empty_trash().unwrap(), self.trash().len());
        let gone: BTreeSet<_> = self.talks.iter().filter(|t| self.trashed(t)).map(|t| t.id).collect();
        self.talks.retain(|talk| !gone.contains(&talk.id));
        self.messages.retain(|message| !gone.contains(&message.talk));
        self.projects.retain(|project| project.trashed_at.is_none());
    }

    /// Everything that `store` says is what it should say.
    pub fn compare(&self, store: &Store) {
        let mut talks: Vec<_> = self.talks.iter().filter(|t| !self.trashed(t)).collect();
        talks.sort_by_key(|talk| std::cmp::Reverse((talk.updated_at, talk.id)));
        let listed = store.conversations().unwrap();
        assert_eq!(
            listed.iter().map(|t| (t.id, t.project, &t.title, &t.draft, t.head)).collect::<Vec<_>>(),
            talks.iter().map(|t| (t.id, t.project, &t.title, &t.draft, t.head)).collect::<Vec<_>>()
        );
        let projects = self.projects.iter().filter(|project| project.trashed_at.is_none());
        assert_eq!(
            store
                .projects()
                .unwrap()
                .into_iter()
                .map(|project| (project.id, project.name))
                .collect::<Vec<_>>(),
            projects.map(|project| (project.id, project.name.clone())).collect::<Vec<_>>()
        );
        let trash = store.trash().unwrap();
        assert!(trash.is_sorted_by_key(|trashed| std::cmp::Reverse(trashed.trashed_at)));
        let trash: BTreeSet<_> =
            trash.into_iter().map(|t| (t.trashed_at, t.title, format!("{:?}", t.kind))).collect();
        assert_eq!(trash, self.trash());
        for talk in &self.talks {
            self.compare_branch(store, talk);
        }
        for word in WORDS {
            self.compare_search(store, word);
        }
    }

    fn compare_branch(&self, store: &Store, talk: &Talk) {
        let shown: Vec<_> = store
            .branch(talk.id)
            .unwrap()
            .into_iter()
            .map(|placed| (placed.message.id, placed.message.text, placed.message.state, placed.siblings))
            .collect();
        let path = talk.head.map_or(vec![], |head| self.path(head));
        let expected: Vec<_> = path
            .into_iter()
            .map(|id| {
                let this = self.message(id);
                let alike = |m: &&Message| (m.talk, m.parent, m.role) == (this.talk, this.parent, this.role);
                let siblings = self.messages.iter().filter(alike).map(|m| m.id).collect();
                (id, this.text.clone(), this.state, siblings)
            })
            .collect();
        assert_eq!(shown, expected);
    }

    fn compare_search(&self, store: &Store, word: &str) {
        let hits = store.search(word, 10_000).unwrap();
        let found: BTreeSet<_> = hits.iter().map(|hit| (hit.conversation, hit.message)).collect();
        assert_eq!(found.len(), hits.len(), "each once");
        assert!(hits.iter().all(|hit| hit.snippet[1] == word));
        let mut expected = BTreeSet::new();
        for talk in self.talks.iter().filter(|talk| !self.trashed(talk)) {
            if talk.title.contains(word) {
                expected.insert((talk.id, None));
            }
            let whole = |m: &&Message| m.talk == talk.id && m.state != MessageState::Streaming;
            let said = self.messages.iter().filter(whole).filter(|m| m.text.contains(word));
            expected.extend(said.map(|m| (talk.id, Some(m.id))));
        }
        assert_eq!(found, expected, "{word}");
    }

    /// Ends all that is still being written, so that every word is in the index.
    pub fn finish(&mut self, store: &Store) {
        store.mark_interrupted().unwrap();
        let said = self.messages.last().map_or(0, |message| message.id.0);
        assert!(said > 50, "a story in which little happened proves little");
    }

    fn trash(&self) -> BTreeSet<(Timestamp, String, String)> {
        let projects = self.projects.iter().filter_map(|project| {
            let kind = format!("{:?}", TrashKind::Project(project.id));
            Some((project.trashed_at?, project.name.clone(), kind))
        });
        let talks = self.talks.iter().filter(|talk| self.project_trashed(talk.project).is_none());
        let talks = talks.filter_map(|talk| {
            let kind = format!("{:?}", TrashKind::Conversation(talk.id));
            Some((talk.trashed_at?, talk.title.clone(), kind))
        });
        projects.chain(talks).collect()
    }

    fn trashed(&self, talk: &Talk) -> bool {
        talk.trashed_at.or(self.project_trashed(talk.project)).is_some()
    }

    fn project_trashed(&self, id: Option<ProjectId>) -> Option<Timestamp> {
        self.projects.iter().find(|project| Some(project.id) == id)?.trashed_at
    }

    fn any_project(&self, dice: &mut Dice) -> Option<ProjectId> {
        pick(&self.projects, dice).filter(|_| dice.throw(2) == 0).map(|nth| self.projects[nth].id)
    }

    fn message(&self, id: MessageId) -> &Message {
        self.messages.iter().find(|message| message.id == id).unwrap()
    }

    fn path(&self, to: MessageId) -> Vec<MessageId> {
        let mut path: Vec<_> = std::iter::successors(Some(to), |id| self.message(*id).parent).collect();
        path.reverse();
        path
    }
}

/// The place of any one of `things`.
fn pick<T>(things: &[T], dice: &mut Dice) -> Option<usize> {
    (!things.is_empty()).then(|| dice.throw(things.len()))
}

fn phrase(dice: &mut Dice) -> String {
    let words = (0..dice.throw(4)).map(|_| WORDS[dice.throw(WORDS.len())]);
    words.collect::<Vec<_>>().join(" ")
}
