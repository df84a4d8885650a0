//! Whether somebody says that they cannot go on, and what the guide answers then: always the
//! same, short, with a hint to people who can help. What they wrote is a message like any other;
//! it is not marked, counted or kept elsewhere.
//!
//! Someone who writes stories says such things of others, so what is asked for as a text, said
//! of a third person or stands in quotes is left alone.

use crate::words::{distance, plain};

/// What is said of oneself, in the words' order; `*` is any one word, or none, and `$` the end. A
/// slip in a longer word does not matter.
const SAID: &[(&str, Language)] = &[
    ("i want * die", Language::English),
    ("i * want to die", Language::English),
    ("i * * want to die", Language::English),
    ("i * wanna die", Language::English),
    ("i wish i * dead", Language::English),
    ("i wish i * never born", Language::English),
    ("i wish i * not wake up", Language::English),
    ("i * wanted to die", Language::English),
    ("wish i didnt exist", Language::English),
    ("want to be dead", Language::English),
    ("wanna be dead", Language::English),
    ("kill myself", Language::English),
    ("killing myself", Language::English),
    ("end my * life", Language::English),
    ("ending my * life", Language::English),
    ("end it all", Language::English),
    ("ending it all", Language::English),
    ("take my own life", Language::English),
    ("taking my own life", Language::English),
    ("take my life", Language::English),
    ("i * * suicidal", Language::English),
    ("im * suicidal", Language::English),
    ("feel suicidal", Language::English),
    ("feeling suicidal", Language::English),
    ("commit suicide", Language::English),
    ("i * thinking about suicide", Language::English),
    ("i think about suicide", Language::English),
    ("thinking about suicide", Language::English),
    ("thinking of suicide", Language::English),
    ("suicidal thoughts", Language::English),
    ("i dont want to live $", Language::English),
    ("i do not want to live $", Language::English),
    ("i cant go on like", Language::English),
    ("i cant go on anymore", Language::English),
    ("dont want to live any", Language::English),
    ("dont want to live like", Language::English),
    ("dont want to be alive", Language::English),
    ("dont want to live anymore", Language::English),
    ("dont want to be here anymore", Language::English),
    ("dont wanna live", Language::English),
    ("dont wanna be here anymore", Language::English),
    ("no reason to live", Language::English),
    ("nothing to live for", Language::English),
    ("no point in living", Language::English),
    ("no point living", Language::English),
    ("tired of living", Language::English),
    ("tired of being alive", Language::English),
    ("better off dead", Language::English),
    ("better off without me", Language::English),
    ("better without me", Language::English),
    ("i cant go on $", Language::English),
    ("i cannot go on $", Language::English),
    ("i cant do this anymore", Language::English),
    ("i cant take it anymore", Language::English),
    ("i cant take this anymore", Language::English),
    ("hurt myself", Language::English),
    ("hurting myself", Language::English),
    ("harm myself", Language::English),
    ("harming myself", Language::English),
    ("cut myself on purpose", Language::English),
    ("cutting myself", Language::English),
    ("self harm", Language::English),
    ("overdose on", Language::English),
    ("life is not worth living", Language::English),
    ("life isnt worth living", Language::English),
    ("my life is worthless", Language::English),
    ("nobody would miss me", Language::English),
    ("no one would miss me", Language::English),
    ("beats me up", Language::English),
    ("he * hits me", Language::English),
    ("she * hits me", Language::English),
    ("husband * hits me", Language::English),
    ("boyfriend * hits me", Language::English),
    ("partner * hits me", Language::English),
    ("father * hits me", Language::English),
    ("he * beats me", Language::English),
    ("husband * beats me", Language::English),
    ("took all my pills", Language::English),
    ("taken all my pills", Language::English),
    ("took * * many pills", Language::English),
    ("took a lot of * pills", Language::English),
    ("took * whole * of pills", Language::English),
    ("swallowed * * * * pills", Language::English),
    ("have * * pills * in front of me", Language::English),
    ("got * pills * in front of me", Language::English),
    ("cut my arm", Language::English),
    ("cut my arms", Language::English),
    ("cut my wrists", Language::English),
    ("slit my wrists", Language::English),
    ("i cut myself again", Language::English),
    ("i * hurting myself", Language::English),
    ("be happier without me", Language::English),
    ("be better if i * gone", Language::English),
    ("better off if i", Language::English),
    ("nobody needs me", Language::English),
    ("no one needs me", Language::English),
    ("nobody would notice if i", Language::English),
    ("no one would notice if i", Language::English),
    ("im * a burden", Language::English),
    ("i am * a burden", Language::English),
    ("miss me if i", Language::English),
    ("cant bear it any", Language::English),
    ("cant bear this any", Language::English),
    ("cant stand it any longer", Language::English),
    ("i see no way out", Language::English),
    ("dont see * way out", Language::English),
    ("i see no reason * go on", Language::English),
    ("dont see * reason to go on", Language::English),
    ("dont see * * point in going on", Language::English),
    ("no reason to go on $", Language::English),
    ("no point in going on $", Language::English),
    ("no point in going on any", Language::English),
    ("no point in going on like", Language::English),
    ("no sense in living", Language::English),
    ("the point in living", Language::English),
    ("the point of living", Language::English),
    ("the point of going on $", Language::English),
    ("dont know how to go on", Language::English),
    ("dont know if i can go on", Language::English),
    ("cant get up any", Language::English),
    ("cant get out of bed any", Language::English),
    ("cant stop crying", Language::English),
    ("i only cry", Language::English),
    ("i cry all", Language::English),
    ("crying every night", Language::English),
    ("i * want to disappear", Language::English),
    ("i * want it * to stop $", Language::English),
    ("i * want it * to end $", Language::English),
    ("i * want it * to be over $", Language::English),
    ("i * thinking about ending it", Language::English),
    ("i * thinking of ending it", Language::English),
    ("thinking about ending it $", Language::English),
    ("so lonely i could die", Language::English),
    ("i am so lonely", Language::English),
    ("im so lonely", Language::English),
    ("i feel so alone", Language::English),
    ("i am so alone", Language::English),
    ("im completely alone", Language::English),
    ("i have lost all hope", Language::English),
    ("ich sehe keinen ausweg", Language::German),
    ("keinen sinn mehr", Language::German),
    ("ich will * nicht mehr $", Language::German),
    ("rather not wake up", Language::English),
    ("rather be dead", Language::English),
    ("not wake up tomorrow", Language::English),
    ("not wake up any", Language::English),
    ("want out of * life", Language::English),
    ("done with * life $", Language::English),
    ("knife * * my arm", Language::English),
    ("knife * * my wrist", Language::English),
    ("blade * * my arm", Language::English),
    ("blade * * my skin", Language::English),
    ("nothing makes sense any", Language::English),
    ("i was raped", Language::English),
    ("raped me", Language::English),
    ("ich will * sterben", Language::German),
    ("ich mochte * sterben", Language::German),
    ("will nicht mehr leben", Language::German),
    ("mochte nicht mehr leben", Language::German),
    ("ich kann nicht mehr $", Language::German),
    ("bringe mich um", Language::German),
    ("mich umbringen", Language::German),
    ("mir das leben nehmen", Language::German),
    ("selbstmord begehen", Language::German),
    ("mich selbst verletzen", Language::German),
    ("je veux mourir", Language::French),
    ("envie de mourir", Language::French),
    ("je veux en finir", Language::French),
    ("me suicider", Language::French),
    ("me tuer", Language::French),
    ("je ne veux plus vivre", Language::French),
    ("je veux plus vivre", Language::French),
    ("plus envie de vivre", Language::French),
    ("quiero morir", Language::Spanish),
    ("quiero morirme", Language::Spanish),
    ("me quiero morir", Language::Spanish),
    ("no quiero vivir", Language::Spanish),
    ("quiero matarme", Language::Spanish),
    ("me quiero matar", Language::Spanish),
    ("voy a matarme", Language::Spanish),
    ("quitarme la vida", Language::Spanish),
    ("suicidarme", Language::Spanish),
    ("voglio morire", Language::Italian),
    ("non voglio piu vivere", Language::Italian),
    ("uccidermi", Language::Italian),
    ("farla finita", Language::Italian),
    ("suicidarmi", Language::Italian),
    ("quero morrer", Language::Portuguese),
    ("nao quero mais viver", Language::Portuguese),
    ("me matar", Language::Portuguese),
    ("tirar minha vida", Language::Portuguese),
    ("ik wil dood", Language::Dutch),
    ("ik wil * sterven", Language::Dutch),
    ("wil niet meer leven", Language::Dutch),
    ("zelfmoord plegen", Language::Dutch),
];

/// Words that say, before what is said, that it is to be made up or is of somebody else.
const MADE_UP: &str = " write writing scene scenes character characters protagonist hero heroine villain story novel poem \
    chapter dialogue monologue song lyrics script screenplay play title titles line lines sentence quote phrase name names \
    someone somebody says said saying translate detective narrator plot fiction schreib schreibe szene figur gedicht \
    geschichte titel roman ecris poeme personnage histoire escribe escena personaje poema scrivi scena personaggio escreva \
    schrijf sagt dit dice ";

/// Behind what is said: that it was no more than a way of speaking, or is a text.
const NOT_MEANT: &str = " title line lyric lyrics laughter laughing embarrassment curiosity hunger boredom character translate \
    quote says said process draft chapter paragraph sentence scene ";

/// Whoever is made to speak stands before or behind what they say.
const SPEAKS: &str = " says said whispers whispered cries cried thinks writes asks screams sagt dit dice ";

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

/// What the guide answers to somebody in distress; `None` where nobody is.
pub(crate) fn answer(said: &str) -> Option<&'static str> {
    let said = without_quotes(said).to_lowercase();
    // A sentence speaks for itself: "I want to die. Give me a title" is both.
    said.split(['.', '!', '?', '\n', ';', '…']).find_map(sentence).map(Language::answer)
}

/// The language in which a sentence says it, where it does.
fn sentence(sentence: &str) -> Option<Language> {
    let sentence = sentence.replace(" and i ", ", i ").replace(" but i ", ", i ").replace(" so i ", ", i ");
    let parts: Vec<Vec<String>> = sentence.split(',').map(plain).collect();
    parts.iter().enumerate().find_map(|(at, words)| {
        let before = at.checked_sub(1).and_then(|at| parts.get(at)?.last());
        let behind = parts.get(at + 1).map_or(&[][..], |part| &part[..part.len().min(3)]);
        let spoken = before.into_iter().chain(behind).any(|word| holds(SPEAKS, word));
        if spoken { None } else { part(words).or_else(|| part(&contracted(words))) }
    })
}

fn part(words: &[String]) -> Option<Language> {
    SAID.iter().find_map(|(pattern, language)| {
        let pattern: Vec<&str> = pattern.split(' ').collect();
        (0..words.len()).find_map(|from| {
            let to = from + matched(&words[from..], &pattern)?;
            let made_up = words[..from].iter().any(|word| holds(MADE_UP, word));
            let not_meant = words[to..].iter().any(|word| holds(NOT_MEANT, word));
            (!made_up && !not_meant).then_some(*language)
        })
    })
}

/// The same with "cannot" as "cant", "do not" as "dont" and "i am" as "im".
fn contracted(words: &[String]) -> Vec<String> {
    let said = words.join(" ").replace("cannot", "cant").replace("can not", "cant").replace("do not", "dont");
    said.replace("i am", "im").split(' ').map(str::to_owned).collect()
}

fn holds(list: &str, word: &str) -> bool {
    list.contains(&format!(" {word} "))
}

/// How many words at the beginning of `words` are `pattern`.
fn matched(words: &[String], pattern: &[&str]) -> Option<usize> {
    match (pattern, words) {
        ([], _) | (["$"], []) => Some(0),
        (["*", rest @ ..], _) => matched(words, rest).or_else(|| Some(1 + matched(words.get(1..)?, rest)?)),
        ([wanted, rest @ ..], [word, more @ ..]) => {
            // A short word is another word with one letter changed.
            let most = usize::from(wanted.chars().count() > 3);
            distance(word, wanted, most)?;
            (word.chars().count() > 2 || word == wanted).then_some(())?;
            Some(1 + matched(more, rest)?)
        }
        ([_, ..], []) => None,
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
    fn answer(self) -> &'static str {
        match self {
            Self::English => {
                "I am sorry that it is so hard right now. I am only the guide of this program and cannot be the help \
                 you need, but people can. Please talk to somebody today: somebody you trust, a doctor, or a helpline, \
                 which is free and open to you: **findahelpline.com** lists one in your country. If you are in danger \
                 now, call your emergency number (112 in Europe, 911 in North America, 999 in Britain). You do not \
                 have to be alone with this."
            }
            Self::German => {
                "Es tut mir leid, dass es gerade so schwer ist. Ich bin nur der Wegweiser dieses Programms und kann \
                 nicht die Hilfe sein, die du brauchst; Menschen können es. Bitte sprich heute mit jemandem: mit einem \
                 Menschen, dem du vertraust, einem Arzt oder einer Ärztin, oder der Telefonseelsorge. \
                 **findahelpline.com** nennt eine Nummer in deinem Land. Bist du jetzt in Gefahr: Notruf 112. Du musst \
                 damit nicht allein sein."
            }
            Self::French => {
                "Je suis désolé que ce soit si dur en ce moment. Je ne suis que le guide de ce programme et ne peux \
                 pas être l’aide qu’il te faut, mais des personnes le peuvent. Parle à quelqu’un aujourd’hui : une \
                 personne de confiance, un médecin, ou une ligne d’écoute, que **findahelpline.com** indique pour ton \
                 pays. En danger immédiat, appelle le 112. Tu n’as pas à rester seul avec cela."
            }
            Self::Spanish => {
                "Siento mucho que ahora sea tan difícil. Solo soy la guía de este programa y no puedo ser la ayuda que \
                 necesitas, pero hay personas que sí. Habla hoy con alguien: una persona de confianza, un médico o una \
                 línea de ayuda; **findahelpline.com** indica una en tu país. Si estás en peligro ahora, llama al 112 \
                 o al 911. No tienes que pasar por esto en soledad."
            }
            Self::Italian => {
                "Mi dispiace che in questo momento sia così dura. Sono solo la guida di questo programma e non posso \
                 essere l’aiuto che ti serve, ma ci sono persone che possono. Parla oggi con qualcuno: una persona di \
                 cui ti fidi, un medico o una linea di ascolto; **findahelpline.com** ne indica una nel tuo paese. Se \
                 sei in pericolo ora, chiama il 112. Non devi affrontarlo in solitudine."
            }
            Self::Portuguese => {
                "Lamento que agora esteja tão difícil. Sou apenas o guia deste programa e não posso ser a ajuda de que \
                 precisas, mas há pessoas que podem. Fala hoje com alguém: uma pessoa de confiança, um médico ou uma \
                 linha de apoio; **findahelpline.com** indica uma no teu país. Se estás em perigo agora, liga 112 (no \
                 Brasil 192, ou 188 para o CVV). Não tens de passar por isto a sós."
            }
            Self::Dutch => {
                "Wat erg dat het nu zo zwaar is. Ik ben maar de gids van dit programma en kan niet de hulp zijn die je \
                 nodig hebt, maar mensen kunnen dat wel. Praat vandaag met iemand: iemand die je vertrouwt, een arts, \
                 of een hulplijn; **findahelpline.com** noemt er een in jouw land. Ben je nu in gevaar, bel 112. Je \
                 hoeft hier niet alleen mee te zijn."
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

    #[test]
    fn it_is_answered_in_the_words_that_were_used() {
        assert!(answer("Ich will nicht mehr leben").unwrap().starts_with("Es tut mir leid"));
        assert!(answer("je veux mourir").unwrap().starts_with("Je suis désolé"));
    }
}
