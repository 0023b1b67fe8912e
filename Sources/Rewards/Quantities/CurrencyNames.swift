/// Currencies by their ISO 4217 codes. Each is a dimension of its own, because rates change.
enum CurrencyNames {
    struct Row: Sendable {
        var code: String
        /// Signs that stand before or after the amount.
        var signs: [String]
        /// Names, in lower case, with the marks of ``UnitWords``.
        var words: [String]
    }

    static let rows: [Row] = table.split(separator: "\n").map { line in
        let columns = line.split(separator: "|", omittingEmptySubsequences: false)
        return Row(
            code: String(columns[0]), signs: columns[1].split(separator: ",").map(String.init),
            words: columns[2].split(separator: ",").map(String.init))
    }

    /// Hundredths: words, signs, the code of the whole.
    static let hundredths: [(words: [String], signs: [String], code: String)] = [
        (["cent*", "us cent*"], ["¢"], "USD"), (["penny", "pence", "pennies"], [], "GBP"),
        (["euro cent*", "eurocent*"], [], "EUR"),
    ]

    private static let table = """
        USD|$,US$,U.S.$|dollar*,us dollar*,united states dollar*,american dollar*,buck*
        EUR|€|euro*
        GBP|£|pound* sterling,sterling,british pound*,quid
        JPY|¥,￥|yen,japanese yen
        CNY|元,CN¥|yuan,renminbi,chinese yuan,rmb
        INR|₹,Rs,Rs.|rupee*,indian rupee*
        CAD|C$,CA$|canadian dollar*
        AUD|A$,AU$|australian dollar*
        NZD|NZ$|new zealand dollar*
        HKD|HK$|hong kong dollar*
        SGD|S$|singapore dollar*
        TWD|NT$|taiwan dollar*,new taiwan dollar*
        CHF|Fr.|swiss franc*,franc*
        SEK||swedish krona,swedish kronor,krona,kronor
        NOK||norwegian krone,norwegian kroner
        DKK||danish krone,danish kroner,krone,kroner
        RUB|₽|ruble*,rouble*,russian ruble*,russian rouble*
        BRL|R$|brazilian real,brazilian reals,reais
        MXN|MX$|mexican peso*,peso*
        ZAR||rand,south african rand
        KRW|₩|won,south korean won
        TRY|₺|turkish lira,lira*
        ILS|₪|shekel*,israeli shekel*,new shekel*
        THB|฿|baht,thai baht
        VND|₫|vietnamese dong,dong
        PLN|zł|zloty,zlotys,polish zloty
        CZK|Kč|czech koruna,koruna
        HUF||forint*,hungarian forint*
        UAH|₴|hryvnia*,ukrainian hryvnia*
        NGN|₦|naira,nigerian naira
        PHP|₱|philippine peso*
        IDR||rupiah,indonesian rupiah
        MYR|RM|ringgit,malaysian ringgit
        SAR||riyal*,saudi riyal*
        AED||dirham*,uae dirham*
        EGP||egyptian pound*
        ARS||argentine peso*
        BTC|₿|bitcoin*
        """
}
