//! The languages in which somebody in distress is known, and what each is answered.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
}

impl Language {
    pub(super) fn named(name: &str) -> Self {
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

    pub(super) fn answer(self) -> &'static str {
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
