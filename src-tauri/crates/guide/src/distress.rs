//! Whether somebody says that they cannot go on, and what the guide answers then: always the
//! same, short, with a hint to people who can help. What they wrote is a message like any other;
//! it is not marked, counted or kept elsewhere.
//!
//! Someone who writes stories says such things of others, so what is asked for as a text, said
//! of a third person or stands in quotes is left alone.

use std::sync::OnceLock;

use crate::words::{distance, is_swapped, plain};

/// What is said of oneself, by language.
const SAID: &str = include_str!("../distress/said.txt");

/// Words that say, before what is said, that it is to be made up or is of somebody else.
const MADE_UP: &str = " write scene character protagonist antagonist hero heroine villain story novel poem chapter dialogue \
    monologue song lyric script screenplay play game roleplay fanfic film movie title titled entitled called line sentence \
    quote phrase name someone somebody say said saying tell told thought translate detective narrator plot fiction killer \
    schreib schreibe szene figur gedicht geschichte titel roman ecris poeme personnage histoire escribe escena personaje \
    poema scrivi scena personaggio escreva schrijf sagt dit dice ";

/// Behind what is said: that it was no more than a way of speaking, or is a text.
const NOT_MEANT: &str = " title line lyric laughter laughing embarrassment curiosity hunger boredom character translate \
    translated quote say said process draft chapter paragraph sentence scene novel story poem foot game film movie french \
    german spanish italian latin ";

/// Whoever is made to speak stands before or behind what they say.
const SPEAKS: &str = " say said whisper whispers whispered cries cried thinks write ask scream shout shouts murmurs sighs \
    sagt dit dice ";

/// Where a sentence speaks of these, what is open was said of them.
const WORK: &str = " book novel story chapter page text word sentence paragraph comma adverb line plot character hero heroine \
    villain narrator protagonist scene dialogue poem draft manuscript title edit editing write writing rewrite model guide app \
    sotto program software font letter key keyboard download file print printer cloud conversation chat message window screen \
    disk computer laptop mac battery memory update version setting button mouse undo backup format formatting layout logo \
    design picture answer spelling name list note footnote heading project folder search password he she they ";

/// Of somebody else, where nothing is said of oneself.
const OTHERS: &str = " he she they his her their him hers theirs himself herself themselves ";

/// Who speaks of oneself.
const ONESELF: &str = " i im ive id ill me my myself ";

/// "I", whatever is joined to it.
const I: &str = " i im ive id ill ";

/// What is one to whoever says it: the second stands for the first.
const ONE: [(&str, &str); 25] = [
    ("cannot", "cant"),
    ("can not", "cant"),
    ("could not", "couldnt"),
    ("do not", "dont"),
    ("does not", "doesnt"),
    ("did not", "didnt"),
    ("will not", "wont"),
    ("is not", "isnt"),
    ("i am", "im"),
    ("i have been", "ive been"),
    ("i have", "ive"),
    ("it is", "its"),
    ("what is", "whats"),
    ("there is", "theres"),
    ("should not", "shouldnt"),
    ("any more", "anymore"),
    ("any longer", "anymore"),
    ("no more", "anymore"),
    ("my self", "myself"),
    ("wanna", "want to"),
    ("gonna", "going to"),
    ("no one", "nobody"),
    ("noone", "nobody"),
    ("everybody", "everyone"),
    ("every day", "everyday"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
}

/// What may be said.
#[derive(Debug)]
struct Pattern {
    /// Word by word, each with what may stand there.
    words: Vec<Vec<&'static str>>,
    language: Language,
    /// Whether it may be meant otherwise.
    is_open: bool,
    /// Whether it can only be said of oneself.
    of_oneself: bool,
}

fn patterns() -> &'static [Pattern] {
    static PATTERNS: OnceLock<Vec<Pattern>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let mut section = (Language::English, false);
        let mut all = Vec::new();
        for line in SAID.lines().filter(|line| !line.starts_with('#')) {
            if let Some(heading) = line.strip_prefix("= ") {
                let (name, open) = heading.split_once(", ").unwrap_or((heading, ""));
                section = (Language::named(name), open == "open");
                continue;
            }
            for said in line.split(';').map(str::trim).filter(|said| !said.is_empty()) {
                let words: Vec<Vec<&str>> = said.split(' ').map(|word| word.split('|').collect()).collect();
                let of_oneself = words.iter().any(|word| word.iter().all(|one| holds(ONESELF, one)));
                all.push(Pattern { words, language: section.0, is_open: section.1, of_oneself });
            }
        }
        all
    })
}

/// What the guide answers to somebody in distress; `None` where nobody is.
pub(crate) fn answer(said: &str) -> Option<&'static str> {
    let said = without_quotes(said).to_lowercase();
    // A sentence speaks for itself: "I want to die. Give me a title" is both.
    said.split(['.', '!', '?', '\n', ';', '…']).find_map(sentence).map(Language::answer)
}

/// The language in which a sentence says it, where it does.
fn sentence(sentence: &str) -> Option<Language> {
    let is_of_work = plain(sentence).iter().any(|word| is_one_of(WORK, word));
    let sentence = sentence.replace(" and i ", ", i ").replace(" but i ", ", i ").replace(" so i ", ", i ");
    let parts: Vec<Vec<String>> = sentence.split([',', ':']).map(|part| as_one(&plain(part))).collect();
    parts.iter().enumerate().find_map(|(at, words)| {
        let before = at.checked_sub(1).and_then(|at| parts.get(at)?.last());
        let behind = parts.get(at + 1).map_or(&[][..], |part| &part[..part.len().min(3)]);
        let spoken = before.into_iter().chain(behind).any(|word| is_one_of(SPEAKS, word));
        if spoken { None } else { part(words, is_of_work) }
    })
}

fn part(words: &[String], is_of_work: bool) -> Option<Language> {
    let is_of_others = words.iter().any(|word| holds(OTHERS, word));
    let may = |pattern: &&Pattern| {
        !(pattern.is_open && is_of_work)
            && (pattern.of_oneself || !is_of_others || pattern.language != Language::English)
    };
    patterns().iter().filter(may).find_map(|pattern| {
        (0..words.len()).find_map(|from| {
            let to = from + matched(&words[from..], &pattern.words, from == 0)?;
            let made_up = words[..from].iter().any(|word| is_one_of(MADE_UP, word));
            let not_meant = words[to..].iter().any(|word| is_one_of(NOT_MEANT, word));
            (!made_up && !not_meant).then_some(pattern.language)
        })
    })
}

/// The words with one way of writing for each.
fn as_one(words: &[String]) -> Vec<String> {
    let words: Vec<String> = words.iter().map(|word| not_drawn_out(word)).collect();
    let mut said = format!(" {} ", words.join(" "));
    for (other, one) in ONE {
        said = said.replace(&format!(" {other} "), &format!(" {one} "));
    }
    said.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// "dieeee" is "die".
fn not_drawn_out(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let same = |at: usize| at < letters.len() && letters[at] == letters[at - 1];
    let is_extra = |at: usize| at > 0 && same(at) && (at > 1 && same(at - 1) || same(at + 1));
    letters.iter().enumerate().filter(|(at, _)| !is_extra(*at)).map(|(_, letter)| *letter).collect()
}

fn holds(list: &str, word: &str) -> bool {
    list.contains(&format!(" {word} "))
}

/// Whether it is in the list, alone or as "scenes", "hero's".
fn is_one_of(list: &str, word: &str) -> bool {
    holds(list, word) || word.strip_suffix('s').is_some_and(|one| holds(list, one))
}

/// How many words at the beginning of `words` are `pattern`.
fn matched(words: &[String], pattern: &[Vec<&str>], begins: bool) -> Option<usize> {
    let Some((wanted, rest)) = pattern.split_first() else { return Some(0) };
    match (wanted[..].first().copied(), words) {
        (Some("^"), _) => {
            if begins {
                matched(words, rest, false)
            } else {
                None
            }
        }
        (Some("*"), _) => {
            matched(words, rest, false).or_else(|| Some(1 + matched(words.get(1..)?, rest, false)?))
        }
        (_, []) => wanted.contains(&"$").then_some(0),
        (_, [word, more @ ..]) => {
            wanted.iter().any(|wanted| is_said(word, wanted)).then_some(())?;
            Some(1 + matched(more, rest, false)?)
        }
    }
}

/// Whether a word is the wanted one, or a slip away; a short one would be another word.
fn is_said(word: &str, wanted: &str) -> bool {
    if word == wanted || (wanted == "i" && holds(I, word)) {
        return true;
    }
    // One slip leaves the first letter or the last, which is cheaper to see.
    let ends = |text: &str| (text.chars().next(), text.chars().next_back());
    let ((first, last), (wanted_first, wanted_last)) = (ends(word), ends(wanted));
    let other_ends = first != wanted_first && last != wanted_last && word.len() > 3;
    if other_ends || word.len().abs_diff(wanted.len()) > 2 {
        return false;
    }
    let slip = || distance(word, wanted, 1).is_some();
    match wanted.len() {
        0..=3 => is_swapped(word, wanted) && slip(),
        _ => word.len() > 2 && slip(),
    }
}

fn without_quotes(text: &str) -> String {
    let mut open = false;
    text.chars()
        .filter(|letter| match letter {
            '"' | '“' | '”' | '„' | '«' | '»' => {
                open =
                    if *letter == '"' || *letter == '“' { !open } else { matches!(letter, '„' | '«') };
                false
            }
            _ => !open,
        })
        .collect()
}

impl Language {
    fn named(name: &str) -> Self {
        match name {
            "German" => Self::German,
            "French" => Self::French,
            "Spanish" => Self::Spanish,
            "Italian" => Self::Italian,
            "Portuguese" => Self::Portuguese,
            "Dutch" => Self::Dutch,
            _ => Self::English,
        }
    }

    fn answer(self) -> &'static str {
        match self {
            Self::English => {
                "I am sorry that it is so hard right now. I am only the guide of this program and cannot be the help \
                 you need, but people can. Please talk to somebody today: somebody you trust, a doctor, or a helpline, \
                 which is free and open to you: **findahelpline.com** lists one in your country. If you are in danger \
                 now, call your emergency number (112 in Europe, 911 in North America, 999 in Britain). You do not \
                 have to be alone with this. If I misread you, ask once more in other words."
            }
            Self::German => {
                "Es tut mir leid, dass es gerade so schwer ist. Ich bin nur der Wegweiser dieses Programms und kann \
                 nicht die Hilfe sein, die du brauchst; Menschen können es. Bitte sprich heute mit jemandem: mit einem \
                 Menschen, dem du vertraust, einem Arzt oder einer Ärztin, oder der Telefonseelsorge. \
                 **findahelpline.com** nennt eine Nummer in deinem Land. Bist du jetzt in Gefahr: Notruf 112. Du musst \
                 damit nicht allein sein. Habe ich dich falsch verstanden, frag noch einmal mit anderen Worten."
            }
            Self::French => {
                "Je suis désolé que ce soit si dur en ce moment. Je ne suis que le guide de ce programme et ne peux \
                 pas être l’aide qu’il te faut, mais des personnes le peuvent. Parle à quelqu’un aujourd’hui : une \
                 personne de confiance, un médecin, ou une ligne d’écoute, que **findahelpline.com** indique pour ton \
                 pays. En danger immédiat, appelle le 112. Tu n’as pas à rester seul avec cela. Si je t’ai mal \
                 compris, redemande-le avec d’autres mots."
            }
            Self::Spanish => {
                "Siento mucho que ahora sea tan difícil. Solo soy la guía de este programa y no puedo ser la ayuda que \
                 necesitas, pero hay personas que sí. Habla hoy con alguien: una persona de confianza, un médico o una \
                 línea de ayuda; **findahelpline.com** indica una en tu país. Si estás en peligro ahora, llama al 112 \
                 o al 911. No tienes que pasar por esto en soledad. Si te he entendido mal, pregúntalo otra vez con \
                 otras palabras."
            }
            Self::Italian => {
                "Mi dispiace che in questo momento sia così dura. Sono solo la guida di questo programma e non posso \
                 essere l’aiuto che ti serve, ma ci sono persone che possono. Parla oggi con qualcuno: una persona di \
                 cui ti fidi, un medico o una linea di ascolto; **findahelpline.com** ne indica una nel tuo paese. Se \
                 sei in pericolo ora, chiama il 112. Non devi affrontarlo in solitudine. Se ho capito male, chiedi ancora \
                 con altre parole."
            }
            Self::Portuguese => {
                "Lamento que agora esteja tão difícil. Sou apenas o guia deste programa e não posso ser a ajuda de que \
                 precisas, mas há pessoas que podem. Fala hoje com alguém: uma pessoa de confiança, um médico ou uma \
                 linha de apoio; **findahelpline.com** indica uma no teu país. Se estás em perigo agora, liga 112 (no \
                 Brasil 192, ou 188 para o CVV). Não tens de passar por isto a sós. Se percebi mal, pergunta \
                 de novo com outras palavras."
            }
            Self::Dutch => {
                "Wat erg dat het nu zo zwaar is. Ik ben maar de gids van dit programma en kan niet de hulp zijn die je \
                 nodig hebt, maar mensen kunnen dat wel. Praat vandaag met iemand: iemand die je vertrouwt, een arts, \
                 of een hulplijn; **findahelpline.com** noemt er een in jouw land. Ben je nu in gevaar, bel 112. Je \
                 hoeft hier niet alleen mee te zijn. Heb ik je verkeerd begrepen, vraag het dan nog eens met andere woorden."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEANT: &str = include_str!("../tests/fixtures/distress.txt");
    const FICTION: &str = include_str!("../tests/fixtures/fiction.txt");

    fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
        text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
    }

    #[test]
    fn somebody_in_distress_is_answered_with_people_who_can_help() {
        let missed: Vec<&str> = lines(MEANT)
            .filter(|said| !answer(said).is_some_and(|answer| answer.contains("findahelpline.com")))
            .collect();
        assert!(missed.is_empty(), "{missed:#?}");
    }

    #[test]
    fn who_writes_of_others_or_speaks_in_figures_is_not_taken_for_one() {
        let taken: Vec<&str> = lines(FICTION).filter(|said| answer(said).is_some()).collect();
        assert!(taken.is_empty(), "{taken:#?}");
    }

    /// A pattern in another spelling than the one that all are brought to would never be found.
    #[test]
    fn every_pattern_is_found_in_its_own_words() {
        let mut lost = Vec::new();
        for pattern in patterns() {
            let longest = pattern.words.iter().map(Vec::len).max().unwrap_or_default();
            for at in 0..longest {
                let words = pattern.words.iter().map(|word| word[at.min(word.len() - 1)]);
                let words: Vec<&str> = words.filter(|word| !["*", "^", "$"].contains(word)).collect();
                let said = as_one(&plain(&words.join(" ")));
                if matched(&said, &pattern.words, true).is_none() {
                    lost.push(words.join(" "));
                }
            }
        }
        assert!(patterns().len() > 300 && lost.is_empty(), "{lost:#?}");
    }

    /// What people ask about the app is not taken for it either; "When things are hard" is about it.
    #[test]
    fn no_question_about_the_app_is_taken_for_distress() {
        let pages = crate::pages();
        let paragraphs = pages.iter().flat_map(|page| &page.paragraphs).filter(|one| one.id != "crisis");
        let ways = paragraphs.flat_map(|one| one.asked.iter().copied().chain([one.text]));
        let taken: Vec<&str> = ways.filter(|way| answer(way).is_some()).collect();
        assert!(taken.is_empty(), "{taken:#?}");
    }

    #[test]
    fn it_is_answered_in_the_words_that_were_used() {
        assert!(answer("Ich will nicht mehr leben").unwrap().starts_with("Es tut mir leid"));
        assert!(answer("je veux mourir").unwrap().starts_with("Je suis désolé"));
    }
}
