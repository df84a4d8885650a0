//! Words as they are compared: small letters, no endings, one word for what means the same here.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

/// Words that mean the same to somebody who asks about Sotto, or are of one kind to the help, as all
/// phones are; the first stands for all.
const SAME: &[&str] = &[
    "chat conversation thread discussion convo dialogue gespräch",
    "delete remove erase wipe del discard kick chuck dump dispose löschen",
    "picture image photo photograph pic img painting drawing sketch screenshot illustration artwork bild foto",
    "computer laptop pc machine notebook comp device desktop thinkpad rechner workstation chromebook imac surface",
    "answer reply response respond antwort",
    "internet net online web wifi network wlan router signal",
    "download fetch dl downlod",
    "cost price pay money bill expensive spend spent dollar euro cash charge usd eur buck invoice fee paid kosten cheap owe",
    "large big huge bigger larger great enormous largest biggest groß",
    "small little tiny smaller smallest klein",
    "fast quick speed faster quicker swift quickly schnell",
    "slow slowly sluggish snail crawl ages forever lahm langsam",
    "folder directory ordner",
    "book novel manuscript thriller trilogy memoir romance saga thesis buch roman novella dissertation",
    "app sotto application program software",
    "model ai llm ki",
    "memory ram",
    "disk drive ssd harddisk hdd harddrive nas stick usb festplatte",
    "graphic gpu nvidia cuda rtx radeon amd geforce",
    "mistake error wrong fehler",
    "phrase word expression wording",
    "choose pick select",
    "begin start anfangen",
    "keep store save",
    "lose lost vanish disappear gone",
    "key shortcut hotkey keybinding",
    "everything all",
    "recover retrieve undelete regain",
    "path location",
    "document file dokument datei",
    "writing text work story writings stories",
    "windows win win10 win11",
    "mac macos macbook osx",
    "sidebar pane panel",
    "feature function option",
    "claude chatgpt gpt openai anthropic gemini grok copilot",
    "yesterday monday tuesday wednesday thursday friday saturday sunday week month january february march april june july \
     august september october november december spring summer autumn winter morning gestern",
    "german french spanish italian polish dutch portuguese swedish norwegian danish russian turkish arabic hebrew korean \
     japanese chinese swiss deutsch greek czech hungarian finnish romanian bulgarian croatian serbian ukrainian hindi urdu \
     persian farsi vietnamese thai indonesian welsh irish gaelic catalan latin icelandic bengali slovak",
    "husband wife roommate flatmate kid son daughter mother father brother sister girlfriend boyfriend partner family \
     grandson grandchild child children mum mom mama dad papa parents nephew niece cousin uncle aunt grandma grandpa bf gf",
    "coauthor cowriter collaborator teammate team colleague",
    "phone iphone ipad android tablet mobile smartphone handy cellphone cellular",
    "dropbox icloud onedrive nextcloud gdrive",
    "kindle kobo tolino ereader",
    "client customer brand kunde",
    "editor lector proofreader lektor lektorin",
    "agent agency literary magazine",
    "publisher jury contest competition prize award verlag",
    "forbid ban prohibit disallow forbidden verboten",
    "proposal suggestion suggest propose vorschlag",
    "loud noisy noise hot heat warm overheat cool burn fan",
    "crash freeze froze blackout electricity outage",
    "letter font typeface schrift lettering glyph",
    "speak dictate voice microphone speech dictation",
    "remark comment annotation annotate margin scribble",
    "proof prove verify demonstrate evidence",
    "print printer paper hardcopy drucken",
    "glue merge join combine",
    "split divide",
    "hero heroine protagonist character figure",
    "grey gray fade dim",
    "row line",
    "dark night black bright white blinding",
    "trust believe rely reliable",
    "fact truth true accurate accuracy",
    "search locate seek suche suchen",
    "backup sicherung",
    "trash bin wastebasket papierkorb",
    "repeat repetition repetitive loop",
    "poem poetry verse gedicht",
    "budget cap ceiling maximum",
    "diary secret confidential nda",
    "password pin passcode passwort",
    "undo revert rückgängig reverse",
    "rephrase reword rewrite rework polish improve tighten shorten simplify",
    "old older earlier previous former past",
    "redact anonymise anonymize pseudonymise omit exclude blacken",
    "tamper manipulate forge",
    "audit compliance regulator certify certificate certification",
    "supervisor professor teacher boss tutor chief",
    "lawyer attorney solicitor doctor physician notary",
    "cursor caret",
    "brief short concise terse",
    "author poet novelist writer screenwriter journalist playwright",
    "gigabyte gig gb megabyte mb",
    "repair fix mend",
    "bug glitch defect",
    "hide conceal",
    "buy purchase",
];

/// What is said in several words, and the one that stands for them.
const PHRASES: &[(&str, &str)] = &[
    ("how many", "howmany"),
    ("how much", "howmuch"),
    ("how long", "howlong"),
    ("how often", "howoften"),
    ("how big", "howbig"),
    ("how large", "howbig"),
    ("how fast", "howfast"),
    ("stop working", "broken"),
    ("stop responding", "broken"),
    ("does not work", "broken"),
    ("doesnt work", "broken"),
    ("do not work", "broken"),
    ("dont work", "broken"),
    ("not working", "broken"),
    ("not work", "broken"),
    ("no longer works", "broken"),
    ("out of order", "broken"),
    ("get rid of", "delete"),
    ("throw away", "delete"),
    ("throw out", "delete"),
    ("turn on", "enable"),
    ("switch on", "enable"),
    ("turn off", "disable"),
    ("switch off", "disable"),
    ("bring back", "restore"),
    ("get back", "restore"),
    ("put back", "restore"),
    ("set up", "setup"),
    ("back up", "backup"),
    ("sign up", "login"),
    ("sign in", "login"),
    ("log in", "login"),
    ("carry on", "continue"),
    ("keep going", "continue"),
    ("go on", "continue"),
    ("shut up", "stop"),
    ("look up", "search"),
    ("look for", "search"),
    ("all the time", "always"),
    ("every time", "always"),
    ("each time", "always"),
    ("from now on", "always"),
    ("once and for all", "always"),
    ("by accident", "accidentally"),
    ("by mistake", "accidentally"),
    ("next to each other", "beside"),
    ("side by side", "beside"),
    ("at the same time", "together"),
    ("word for word", "exactly"),
    ("hard copy", "print"),
    ("on paper", "print"),
    ("at night", "night"),
    ("over and over", "repeat"),
    ("again and again", "repeat"),
];

/// Words that say little of what is meant.
const FAINT: &str = " a an the i me my mine you your it its is are am was were be been do does did done to of in on at for and or \
    with this that these those so can could would should will shall may might must please pls just some any there here have has \
    had get got want wanna like if how what im ive id as by from need know one then now thing things really use using used show \
    give make let see look tell go put take way way also too very much many more most up out into over about ever never always \
    not no dont doesnt cant isnt wont where when why who which whose them they he she we us our their something anything \
    someone anyone u r ur okay ok hey hi well still only own same other another ask say said mean happen possible able thats \
    whats wheres hows theres without than but because while after before again back work works does try ";

/// How much a word says by itself, before it is known how often it is said.
pub(crate) fn strength(word: &str) -> f32 {
    static WORDS: OnceLock<HashSet<&str>> = OnceLock::new();
    if WORDS.get_or_init(|| FAINT.split(' ').collect()).contains(word) { 0.3 } else { 1.0 }
}

/// The words of a text as they are compared.
pub(crate) fn words(text: &str) -> Vec<String> {
    phrased(&plain(text).iter().map(|word| compared(word)).collect::<Vec<_>>())
}

/// Compared words with one in place of each phrase.
pub(crate) fn phrased(words: &[String]) -> Vec<String> {
    static LEARNT: OnceLock<Vec<(Vec<String>, String)>> = OnceLock::new();
    let phrases = LEARNT.get_or_init(|| {
        let each = |text: &str| plain(text).iter().map(|word| compared(word)).collect::<Vec<_>>();
        PHRASES.iter().map(|(phrase, one)| (each(phrase), compared(one))).collect()
    });
    let mut said = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((first, more)) = rest.split_first() {
        if let Some((phrase, one)) = phrases.iter().find(|(phrase, _)| rest.starts_with(phrase)) {
            said.push(one.clone());
            rest = &rest[phrase.len()..];
        } else {
            said.push(first.clone());
            rest = more;
        }
    }
    said
}

/// A plain word as it is compared.
pub(crate) fn compared(word: &str) -> String {
    same(&stem(word))
}

/// The plain words that are known here before any text is read.
pub(crate) fn known() -> impl Iterator<Item = String> {
    SAME.iter().flat_map(|group| plain(group)).chain(plain(FAINT))
}

/// The words of a text, in small letters and without marks.
pub(crate) fn plain(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '’', '`'], "");
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().map(without_accent).collect())
        .collect()
}

fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ę' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' | 'ć' => 'c',
        'ñ' | 'ń' => 'n',
        other => other,
    }
}

fn same(word: &str) -> String {
    static STANDS: OnceLock<HashMap<String, String>> = OnceLock::new();
    let stands = STANDS.get_or_init(|| {
        let pairs = |group: &&str| {
            let mut words = group.split_whitespace().flat_map(plain).map(|word| stem(&word));
            let first = words.next().unwrap_or_default();
            words.map(|word| (word, first.clone())).collect::<Vec<_>>()
        };
        SAME.iter().flat_map(pairs).collect()
    });
    // "Chapter 4" is "chapter 7".
    if word.bytes().all(|byte| byte.is_ascii_digit()) {
        return "0".into();
    }
    stands.get(word).cloned().unwrap_or_else(|| word.to_owned())
}

/// A word without the ending that grammar gave it.
pub(crate) fn stem(word: &str) -> String {
    let cut = |ending: &str, shortest: usize| {
        word.strip_suffix(ending).filter(|rest| rest.chars().count() >= shortest)
    };
    let rest = if let Some(rest) = cut("ies", 2) {
        return format!("{rest}y");
    } else if let Some(rest) = cut("ing", 3) {
        rest
    } else if let Some(rest) = cut("ed", 3) {
        rest
    } else if let Some(rest) = cut("ly", 4) {
        rest
    } else if let Some(rest) = cut("es", 4) {
        rest
    } else if word.ends_with("ss") || word.ends_with("us") || word.ends_with("is") {
        word
    } else if let Some(rest) = cut("s", 3) {
        rest
    } else {
        word
    };
    // "stopped", "stop"; "saving", "save".
    let mut letters: Vec<char> = rest.chars().collect();
    if letters.len() > 3 && letters.last() == Some(&'e') {
        letters.pop();
    }
    if let [.., before, last] = letters[..]
        && before == last
        && letters.len() > 3
        && !"aeious".contains(last)
    {
        letters.pop();
    }
    letters.into_iter().collect()
}

/// How many letters must be changed, added, left out or swapped to make one word the other; `None`
/// where it is more than `most`.
pub(crate) fn distance(one: &str, other: &str, most: usize) -> Option<usize> {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let changed = last[j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut fewest = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                fewest = fewest.min(before_last[j - 2] + 1);
            }
            row.push(fewest);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|changes| *changes <= most)
}

/// Whether it has the same letters in another order.
pub(crate) fn is_swapped(one: &str, other: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    one.len() == other.len() && sorted(one) == sorted(other)
}

/// How many slips a word of this length may have and still be taken for another.
pub(crate) fn slips(word: &str) -> usize {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_and_synonyms_do_not_matter() {
        assert_eq!(words("Deleting conversations"), words("remove chat"));
        assert_eq!(words("it stopped saving"), words("it stop save"));
        assert_eq!(plain("Où est l’élève?"), ["ou", "est", "leleve"]);
    }

    #[test]
    fn slips_are_counted_and_a_swap_is_one() {
        assert_eq!(distance("downlaod", "download", 2), Some(1));
        assert_eq!(distance("wich", "which", 2), Some(1));
        assert_eq!(distance("lock", "clock", 1), Some(1));
        assert_eq!(distance("page", "model", 2), None);
    }
}
