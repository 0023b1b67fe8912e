/// The pieces that invented names are built from: syllables, letter clusters, and a few generic words of medical naming.
///
/// No generic word is the name of an entity by itself, and every invented name contains at least one invented word.
enum InventedLexicon {
    static let syllables = pieces(
        """
        ab ac ad al am an ar as at ba bar be bel ben ber bi bla bo bor bra bre bri bro bu by ca cal can car ce cen cep \
        cer cha che chi cho ci cla cle cli clo co col con cor cra cre cri cro cu cy cyt da dac de del den der di dia dis \
        do dor dra dre dro du dy dys ec ed el em en ep er es et eth ex fa fe fen fer fi fib fla flo flu fo for fra fu ga \
        gal gan gas ge gen ger gi gla gle gli glo glu gly go gon gra gre gri gu gy ha hal he hel hem hep her hi his ho \
        hor hu hy hyp ic id il im in ir is ja je jo ju ka ker ki kin kla ko la lac lan lar le leu lep li lin lip lo lor \
        lu ly lym ma mac mal man mar me med mel men mer met mi mic min mo mon mor mu my na nal ne nem neu ni no nor nu \
        ob oc od ol om on op or os ot ox pa pal pan par pe pen per pha phe phi pho pi pla ple pleu pli plo pne po pol \
        por pra pre pri pro psy pu py qua que qui ra rac ran re rec ren ret rha rhi rho ri rin ro rom ru ry sa sal san \
        sar sca scle se sec sel sen sep ser sha she si sin so sol som spi spo sta ste sti sto stra stre stro su sul sy \
        syn ta tac tan tar te tel ten ter tha the thi tho thro ti tin to ton tor tra tre tri tro tu ty ul um un ur va \
        val van var ve vel ven ver vi vin vo vol vu war wei wil xa xan xe xi xo ya ye yl yn yo za zel zi zo zy
        """)
    static let onsets = pieces(
        """
        b c d f g h j k l m n p q r s t v w x z bl br ch cl cr dr fl fr gl gr kn kr ph pl pr rh sc sh sk sl sm sn sp st \
        sw th tr tw wh
        """)
    static let vowels = pieces("a a a e e e e i i i i o o o u u y ae ai au ea ee ei eu ia ie io oe oi oo ou ue ui")
    static let codas = pieces(
        "b c d f g k l m n n n p r r s s t x z ck ct ft gs ld lm lt mp nd ng nk ns nt ph pt rd rk rm rn rt sk sm st th tz"
    )

    static let diseaseEndings = pieces(
        """
        osis itis emia uria opathy oma plasia trophy algia penia oses ismus asis ectasia cytosis genesis ism ia ata ica \
        olysis odermia openia ysplasia ystrophy omegaly
        """)
    static let diseaseHeads = pieces(
        """
        syndrome syndrome syndrome syndrome disease disease disease disease disease deficiency deficiency disorder \
        anomaly malformation complex spectrum intolerance type degeneration insufficiency imbalance infection tumor
        """)
    static let adjectives = pieces(
        """
        congenital familial hereditary progressive recurrent benign severe juvenile infantile chronic primary secondary \
        distal proximal systemic focal diffuse isolated multiple combined acquired idiopathic transient permanent \
        early-onset late-onset X-linked Y-linked autosomal dominant recessive mild acute atypical classic variant
        """)
    static let findingHeads = pieces(
        """
        sign crisis discoloration thickening sensation deposit reflex contracture spasm hardening tenderness loss \
        intolerance deficit irregularity narrowing episode attack
        """)
    static let findingAdjectives = pieces(
        """
        abnormal increased decreased elevated reduced delayed sudden persistent painful painless dry mild coarse cloudy \
        intermittent nocturnal unilateral bilateral
        """)
    static let anatomyHeads = pieces(
        "duct lobe canal membrane plexus ridge fold arch nucleus bundle layer zone region valve septum capsule fiber cortex"
    )
    static let drugEndings = pieces(
        """
        ine one ol ate ide in an am il ast ex al oxin azole amine idine olone azide etine urane osin ylate amide
        """)
    static let salts = pieces(
        "acetate hydroxide sulfate acid chloride phosphate citrate lactate tartrate oxide maleate")
    static let genusEndings = pieces("ella us a um ia ium ospora monas coccus bacter virus myces oma ris thrix plasma")
    static let speciesEndings = pieces("i is us um a ae ense ensis ii ans oides icus ata")
    static let classHeads = pieces(
        "Inhibitor Blocker Agonist Antagonist Agent Modulator Activator Analog Compound Inducer Derivative Inhibitors")
    static let routes = pieces("borne contact vector droplet water food blood soil dust contact air")
    static let romanNumerals = pieces("I II III IV V VI VII VIII IX XI XII")

    private static func pieces(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
