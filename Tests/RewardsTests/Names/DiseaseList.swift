/// Diseases that are all different, with near collisions, in British spelling where there is one.
enum DiseaseList {
    static let names: [String] = """
        haemophilia A|haemophilia B|haemophilia C|haemochromatosis|haemangioma|haemangioblastoma|haematoma|haematuria
        haemoptysis|haemothorax|hydrothorax|pneumothorax|anaemia|aplastic anaemia|sickle cell anaemia|pernicious anaemia
        leukaemia|leukopenia|leukoplakia|acute myeloid leukaemia|chronic myeloid leukaemia|acute lymphoblastic leukaemia
        chronic lymphocytic leukaemia|hairy cell leukaemia|lymphoma|Hodgkin lymphoma|non-Hodgkin lymphoma|Burkitt lymphoma
        hypoglycaemia|hyperglycaemia|hypocalcaemia|hypercalcaemia|hypokalaemia|hyperkalaemia|hyponatraemia|hypernatraemia
        hypomagnesaemia|hypermagnesaemia|hypouricaemia|hyperuricaemia|hypolipidaemia|hyperlipidaemia|uraemia|toxaemia
        septicaemia|bacteraemia|viraemia|ischaemia|polycythaemia|polycythaemia vera|galactosaemia|tyrosinaemia
        tyrosinaemia type 1|tyrosinaemia type 2|type 1 diabetes mellitus|type 2 diabetes mellitus|diabetes insipidus
        gestational diabetes|hepatitis|hepatitis A|hepatitis B|hepatitis C|hepatitis D|hepatitis E|hepatoma
        factor V deficiency|factor VII deficiency|factor VIII deficiency|factor IX deficiency|factor X deficiency
        factor XI deficiency|factor XII deficiency|factor XIII deficiency|factor V Leiden
        alpha-thalassaemia|beta-thalassaemia|delta-beta-thalassaemia|glycogen storage disease type I
        glycogen storage disease type II|glycogen storage disease type III|glycogen storage disease type V
        glycogen storage disease type VII|glycogen storage disease type Ia|glycogen storage disease type Ib
        mucopolysaccharidosis type I|mucopolysaccharidosis type II|mucopolysaccharidosis type VI
        neurofibromatosis type 1|neurofibromatosis type 2|bipolar I disorder|bipolar II disorder
        multiple endocrine neoplasia type 1|multiple endocrine neoplasia type 2A|multiple endocrine neoplasia type 2B
        Crohn disease|ulcerative colitis|coeliac disease|irritable bowel syndrome|inflammatory bowel disease
        gastro-oesophageal reflux disease|oesophagitis|eosinophilic oesophagitis|oesophageal atresia|Barrett oesophagus
        gastritis|gastroenteritis|enteritis|duodenitis|ileitis|appendicitis|diverticulitis|diverticulosis|diarrhoea
        gonorrhoea|seborrhoea|amenorrhoea|dysmenorrhoea|oligomenorrhoea|menorrhagia|metrorrhagia|apnoea|dyspnoea
        tachypnoea|bradypnoea|oedema|myxoedema|lymphoedema|angioedema|pulmonary oedema|cerebral oedema
        tumour|Wilms tumour|carcinoid tumour|phyllodes tumour|Grawitz tumour|breast cancer|breast carcinoma
        small cell lung cancer|non-small cell lung cancer|lung adenocarcinoma|adenoma|carcinoma|sarcoma|carcinosarcoma
        melanoma|myeloma|myoma|leiomyoma|rhabdomyoma|rhabdomyosarcoma|osteosarcoma|chondrosarcoma|chondroma|chordoma
        glioma|glioblastoma|meningioma|neuroma|neuroblastoma|neurofibroma|schwannoma|phaeochromocytoma|paraganglioma
        Alzheimer disease|Parkinson disease|Huntington disease|Pick disease|Wilson disease|Menkes disease|Gaucher disease
        Fabry disease|Pompe disease|Tay-Sachs disease|Sandhoff disease|Niemann-Pick disease type A
        Niemann-Pick disease type B|Niemann-Pick disease type C|Krabbe disease|Graves disease|Hashimoto thyroiditis
        Addison disease|Cushing disease|Cushing syndrome|Conn syndrome|Down syndrome|Edwards syndrome|Patau syndrome
        Turner syndrome|Klinefelter syndrome|Marfan syndrome|Ehlers-Danlos syndrome|Noonan syndrome|Angelman syndrome
        Prader-Willi syndrome|Rett syndrome|Williams syndrome|Sjögren syndrome|Behçet disease|Kawasaki disease
        Takayasu arteritis|giant cell arteritis|polyarteritis nodosa|lupus erythematosus|discoid lupus erythematosus
        rheumatoid arthritis|psoriatic arthritis|reactive arthritis|osteoarthritis|osteoporosis|osteopetrosis
        osteomalacia|osteomyelitis|rickets|gout|pseudogout|ankylosing spondylitis|spondylosis|scoliosis|kyphosis
        asthma|bronchitis|bronchiolitis|bronchiectasis|emphysema|chronic obstructive pulmonary disease|pneumonia
        pneumonitis|pleurisy|tuberculosis|sarcoidosis|cystic fibrosis|pulmonary fibrosis|cystic fibroma
        myocarditis|endocarditis|pericarditis|cardiomyopathy|dilated cardiomyopathy|hypertrophic cardiomyopathy
        restrictive cardiomyopathy|atrial fibrillation|atrial flutter|ventricular fibrillation|angina|hypertension
        hypotension|pulmonary hypertension|portal hypertension|pre-eclampsia|eclampsia|stroke|epilepsy|migraine
        multiple sclerosis|systemic sclerosis|amyotrophic lateral sclerosis|tuberous sclerosis|myasthenia gravis
        myotonia congenita|myotonic dystrophy type 1|myotonic dystrophy type 2|Duchenne muscular dystrophy
        Becker muscular dystrophy|poliomyelitis|post-polio syndrome|rabies|scabies|caries|measles|rubella|mumps|malaria
        cholera|typhoid fever|typhus|tetanus|botulism|anthrax|plague|leprosy|syphilis|yaws|pinta|trachoma|AIDS|influenza A
        influenza B|dengue|dengue haemorrhagic fever|yellow fever|Ebola virus disease|Marburg virus disease|Zika fever
        amoebiasis|giardiasis|leishmaniasis|schistosomiasis|taeniasis|toxoplasmosis|toxocariasis|candidiasis
        chlamydia|chlamydial pneumonia|cryptococcosis|cryptosporidiosis|histoplasmosis|coccidioidomycosis
        acromegaly|gigantism|hypothyroidism|hyperthyroidism|hypoparathyroidism|hyperparathyroidism|goitre|thyroiditis
        nephritis|nephrosis|nephrotic syndrome|nephritic syndrome|pyelonephritis|glomerulonephritis|cystitis|cholecystitis
        cholangitis|cholelithiasis|choledocholithiasis|pancreatitis|cirrhosis|primary biliary cholangitis
        primary sclerosing cholangitis|ascites|peritonitis|psoriasis|eczema|dermatitis|pemphigus|pemphigoid|vitiligo
        albinism|urticaria|rosacea|acne|impetigo|erysipelas|erysipeloid|herpes simplex|herpes zoster|shingles
        necrotising fasciitis|necrotising enterocolitis|generalised anxiety disorder|social anxiety disorder
        major depressive disorder|schizophrenia|schizoaffective disorder|schizotypal disorder|autism
        """
        .split(whereSeparator: { $0 == "|" || $0 == "\n" }).map { $0.trimmingPrefix(while: { $0 == " " }) }.map(
            String.init)
}
