/// The units that laboratory values, doses and vital signs are mostly written in, read once by the rules of
/// ``UnitReader`` so that reading them again is one look into a table.
enum CommonUnits {
    static let spellings = """
        mg g kg mcg µg μg ug ng pg mL ml L l dL mmol mol mEq IU U %
        mg/dL mg/dl g/dL g/dl g/L g/l mg/L mg/l mg/mL mg/ml mmol/L mmol/l µmol/L μmol/L umol/L nmol/L pmol/L mEq/L meq/L
        ng/mL ng/ml ng/dL ng/L pg/mL pg/ml µg/mL μg/mL ug/mL mcg/mL µg/dL μg/dL ug/dL mcg/dL µg/L μg/L ug/L mcg/L
        IU/L IU/mL U/L U/mL mIU/L mIU/mL µIU/mL μIU/mL uIU/mL mU/L mOsm/kg mOsm/L mg/g
        mg/kg mcg/kg µg/kg μg/kg mL/kg mg/day mg/d mg/kg/day mg/kg/d mcg/kg/min mL/min ml/min mL/h mL/hr ml/h L/min
        mL/min/1.73m² mL/min/1.73m2 mmHg cmH2O kPa bpm /min °C °F kg/m² kg/m2 m² cm mm m km Gy mGy mSv kcal
        s min h hour hours day days week weeks month months year years minutes seconds
        """.split(whereSeparator: \.isWhitespace).map(String.init)

    static let table: ByteTable<UnitMeaning> = {
        var work = Work()
        return ByteTable(
            spellings.compactMap { spelling in
                let bytes = Array(spelling.utf8)
                guard let meaning = try? UnitReader.readAny(bytes, 0..<bytes.count, work: &work) else { return nil }
                return (key: spelling, value: meaning)
            })
    }()
}
