/// Words of SciFact and MedQuAD and words that the rules name, each followed by its stem as snowballstemmer 3.1.1 for Python
/// gives it.
enum StemPairs {
    static let english: [(word: String, stem: String)] = {
        let words = text.split(separator: " ").map(String.init)
        return stride(from: 0, to: words.count, by: 2).map { (words[$0], words[$0 + 1]) }
    }()

    private static let text = """
        adding add adjustable adjust adoption adopt aftercare aftercar agreed agre airliner airlin aladin aladin \
        alert alert alkeran alkeran amplichip amplichip analgesiologists analgesiolog analogously analog \
        andes andes angiostatic angiostat antecubital antecubit antioxidases antioxidas apica apica \
        apology apolog appendixes appendix arachidonic arachidon arranged arrang arsenic arsenic \
        ascoronary ascoronari aspergillus aspergillus assortment assort atlas atlas atrophic atroph \
        audiologist audiolog austria austria aversion avers bacilliform bacilliform bahavioral bahavior \
        barrier barrier bed bed behaves behav behaviorally behavior behaviour behaviour bias bias bicycles bicycl \
        bifurcate bifurc bikers biker bioinformatical bioinformat biologist biolog blastomyces blastomyc \
        blastopore blastopor bled bled bleedingwhen bleedingwhen blunts blunt boyish boyish bracelet bracelet \
        bring bring bursitis bursiti by by bystanders bystand callousness callous camptocormism camptocorm \
        canning canning capsaicin capsaicin capture captur caveat caveat cbfbeta cbfbeta cease ceas \
        cephalosporins cephalosporin chemostats chemostat childhood childhood chromones chromon \
        circumscribed circumscrib clausen clausen clenched clench clumped clump cohere coher cohorts cohort \
        collapsible collaps comatose comatos commands command commensurately commensur commentary commentari \
        communism communism comparability compar compulsively compuls compute comput comtan comtan \
        concentrating concentr conditional condit conflated conflat congenitalheart congenitalheart \
        conjugative conjug constant constant controll control convalescent convalesc cooked cook \
        cortisone cortison cosmos cosmos cranialis craniali craniodiaphyseal craniodiaphys crick crick cries cri \
        cry cri cryptosporidium cryptosporidium crystals crystal curettage curettag \
        cytomegalovirus cytomegalovirus dacron dacron days day defence defenc denervation denerv \
        depilatory depilatori destabilization destabil determin determin detriment detriment dietician dietician \
        diffusivity diffus digestlead digestlead disconnect disconnect diverticula diverticula dreams dream \
        dying die dysautonomias dysautonomia dysmetric dysmetr early earli earring earring ebbed ebb \
        echinococcal echinococc educator educ egged egg ehrlich ehrlich electriciti electr emergency emergenc \
        enact enact endangered endang endogeneous endogen enjoy enjoy enjoyed enjoy enoxaparin enoxaparin \
        entactin entactin entrapped entrap environmenteven environmenteven epicatechin epicatechin \
        epitopic epitop equivalents equival erdfelder erdfeld esirnas esirna esomeprazole esomeprazol \
        esophagogram esophagogram evening evening evolved evolv exceed exceed expedite expedit expelled expel \
        expenditures expenditur factors factor failing fail fails fail falling fall favourably favour fed fed \
        feed feed fenton fenton feral feral fibersuch fibersuch fibrolamellar fibrolamellar filing file \
        finally final finder finder flatus flatus flowed flow fluidabout fluidabout formaliti formal \
        fourteen fourteen futuresubjects futuresubject gaps gap gars gar gas gas generate generat gently gentl \
        geology geolog gigantomastia gigantomastia gills gill ginger ginger glabella glabella glial glial \
        gotten gotten governed govern granulomatous granulomat gryposis gryposi gyroscopic gyroscop habits habit \
        happy happi haveatrial haveatri healthiness healthi heartmay heartmay hematoma hematoma herring herring \
        hexamer hexam hint hint homologou homologou hopefulness hope hoping hope hopping hop howe howe \
        hunchback hunchback hyperbolic hyperbol hypodensities hypodens hypophosphatasia hypophosphatasia \
        hypoxemic hypoxem idly idl imaging imag imatinib imatinib immunodominant immunodomin \
        immunogenicity immunogen immunogold immunogold immunomodulators immunomodul importer import \
        inadvertently inadvert inference infer inning inning interagency interag interest interest \
        international internat interventional intervent invasome invasom irritant irrit justifying justifi \
        kdrlow kdrlow keratocathomas keratocathoma kininogen kininogen kiwis kiwi klein klein kraepelin kraepelin \
        lamblia lamblia landscapes landscap latently latent later later lengths length leuyte leuyt \
        lichenification lichenif lichenoid lichenoid lids lid likewise likewis lobectomy lobectomi \
        locations locat lodoxamide lodoxamid longcan longcan loosely loos luxuriated luxuri lying lie \
        macrocephaly macrocephali macrolides macrolid malarials malari mandate mandat markets market \
        mcphail mcphail media media medion medion medullathe medullath melarsoprol melarsoprol \
        mendenhall mendenhal microcephalies microcephali misorientated misorient mmab mmab mnemonics mnemon \
        mound mound mper mper mucolipin mucolipin multimerize multimer multisensor multisensor \
        myofilaments myofila myogenin myogenin necrophorum necrophorum nephroscope nephroscop neuralgia neuralgia \
        neutralizing neutral news news nipple nippl nitrative nitrat nonexposed nonexpos nonvisual nonvisu \
        odense odens odorants odor offed off oftentimes oftentim only onli oocysts oocyst opsoclonus opsoclonus \
        optimal optim organism organism organization organiz organsthat organsthat otic otic outing outing \
        packs pack paler paler paronychia paronychia past past pasted paste pedata pedata pentamidine pentamidin \
        perceive perceiv periodontitis periodont persuade persuad phylogenetically phylogenet \
        physiotheraphy physiotheraphi planopilaris planopilari platforms platform plentiful plenti \
        pneumococcus pneumococcus poisonings poison polyanions polyanion polystyrene polystyren \
        porcelain porcelain postpartum postpartum predominance predomin premutations premut probate probat \
        problemsmen problemsmen proceed proceed propane propan quitting quit radiology radiolog rate rate \
        rational ration reaches reach real real rearranges rearrang rearward rearward reassembled reassembl \
        reffered reffer regardless regardless regrown regrown reliability reliabl remobilizes remobil \
        remover remov renzhong renzhong repeated repeat resort resort revival reviv richer richer richter richter \
        roadblock roadblock roll roll rostrocaudal rostrocaud rotates rotat sacs sac samtools samtool \
        samuelsson samuelsson sappinia sappinia say say scraps scrap scrotal scrotal senile senil serosal seros \
        sever sever shadows shadow sialoadhesin sialoadhesin sigmoidoscopy sigmoidoscopi siliques siliqu \
        similarly similar sing sing singly singl sized size skies sky skis ski sky sky snares snare snrna snrna \
        socialist socialist soluble solubl southwest southwest soybean soybean spast spast \
        spectrometry spectrometri speeded speed spiderlike spiderlik spouse spous stamina stamina stentor stentor \
        straight straight succeed succeed switch switch syndromeoccurs syndromeoccur tads tad taland taland \
        thalamus thalamus thinner thinner this this ties tie tnfalpha tnfalpha tosudden tosudden totalling total \
        translocase translocas transmittable transmitt trimodality trimod triphosphates triphosph tunnels tunnel \
        tying tie tylenol tylenol ugly ugli unambiguously unambigu uncharacterized uncharacter \
        unclarified unclarifi unconvinced unconvinc underachievement underachiev uniformed uniform \
        uniformity uniform universal universal uppermost uppermost valinemia valinemia vehicle vehicl \
        venopathy venopathi vesicovaginal vesicovagin vinyl vinyl virulence virul vitreous vitreous walker walker \
        waterman waterman wear wear widens widen wish wish wolmans wolman words word wrapping wrap yana yana \
        yes yes youth youth zoologic zoolog zyxin zyxin
        """
}
