extension WrittenDateScanner {
    /// Finds which number is the year, the month and the day.
    func resolve() throws(AnswerProblem) -> DateValue.Day? {
        if let day {
            guard items.isEmpty, month == nil, era == nil else { throw expected("one date") }
            return day
        }
        if items.isEmpty, month == nil {
            guard era == nil else { throw expected("a year with the era") }
            return nil
        }
        guard items.count + (month == nil ? 0 : 1) <= 3 else { throw expected("a year, a month and a day") }
        let yearIndex = try yearIndex()
        if let month { return try resolve(month: month, yearIndex: yearIndex) }
        switch items.count {
        case 1:
            guard let yearIndex, items[yearIndex].digits >= 3 || items[yearIndex].isYear || era != nil else {
                throw .malformed("expected a date, found a number of two digits alone")
            }
            return .year(try year(items[yearIndex]))
        case 2:
            guard let yearIndex else { throw expected("a year") }
            return try checked(try year(items[yearIndex]), month: items[1 - yearIndex], day: nil)
        default: return try resolveThree(yearIndex)
        }
    }

    /// The item that can only be a year.
    private func yearIndex() throws(AnswerProblem) -> Int? {
        var found: Int?
        for (index, item) in items.enumerated() where item.isYear || item.digits >= 3 || item.value > 31 {
            guard found == nil, !item.isDay else { throw expected("one year") }
            found = index
        }
        guard found == nil, era != nil else { return found }
        let index = itemsBeforeEra > 0 ? itemsBeforeEra - 1 : 0
        guard index < items.count, !items[index].isDay else { throw expected("a year beside the era") }
        return index
    }

    private func year(_ item: Item) throws(AnswerProblem) -> Int {
        if let era {
            guard item.value > 0 else { throw expected("a year from 1 on with the era") }
            return era == .before ? 1 - item.value : item.value
        }
        if item.digits >= 3 { return item.value }
        guard item.digits == 2 else { throw expected("a year of four digits") }
        return try twoDigitYear(item.value)
    }

    private func resolve(month: Int, yearIndex: Int?) throws(AnswerProblem) -> DateValue.Day {
        let name = Item(value: month, digits: 2)
        switch (items.count, yearIndex) {
        case (0, _): throw expected("a year or a day with the month")
        case (1, let index?): return .month(try year(items[index]), month)
        case (1, nil):
            guard CivilCalendar.isDate(2000, month, items[0].value) else { throw expected("a day of the month") }
            return .dayOfAnyYear(month, items[0].value)
        case (_, let index?): return try checked(try year(items[index]), month: name, day: items[1 - index])
        default:
            // Two short numbers: the day is the one beside the month, and with the month last, where dictionaries of
            // dates put it.
            let dayIndex = items[0].isDay ? 0 : items[1].isDay ? 1 : itemsBeforeMonth == 2 ? 1 : 0
            return try checked(try year(items[1 - dayIndex]), month: name, day: items[dayIndex])
        }
    }

    private func resolveThree(_ yearIndex: Int?) throws(AnswerProblem) -> DateValue.Day {
        guard !items.contains(where: \.isDay) else { throw expected("the name of a month") }
        switch yearIndex {
        case 0: return try checked(try year(items[0]), month: items[1], day: items[2])
        case 2: return try dayAndMonth(year: try year(items[2]))
        case nil:
            let year = try year(items[2])
            guard policy.dayMonth != .refuseAmbiguous else {
                throw .malformed("expected a year of four digits: the order of three short numbers is ambiguous")
            }
            return try dayAndMonth(year: year)
        default: throw expected("the year first or last")
        }
    }

    /// The first two items, in an order that only one reading or the policy decides.
    private func dayAndMonth(year: Int) throws(AnswerProblem) -> DateValue.Day {
        let (first, second) = (items[0], items[1])
        let isMonthFirst = CivilCalendar.isDate(year, first.value, second.value)
        let isDayFirst = CivilCalendar.isDate(year, second.value, first.value)
        if isMonthFirst, isDayFirst, first.value != second.value {
            switch policy.dayMonth {
            case .refuseAmbiguous:
                throw .malformed("`\(first.value) \(second.value)` can be a month and a day or a day and a month")
            case .monthFirst: return try checked(year, month: first, day: second)
            case .dayFirst: return try checked(year, month: second, day: first)
            }
        }
        return isMonthFirst
            ? try checked(year, month: first, day: second) : try checked(year, month: second, day: first)
    }

    private func checked(_ year: Int, month: Item, day: Item?) throws(AnswerProblem) -> DateValue.Day {
        guard month.digits <= 2, !month.isDay, (1...12).contains(month.value) else { throw expected("a month") }
        guard let day else { return .month(year, month.value) }
        guard day.digits <= 2, !day.isYear, CivilCalendar.isDate(year, month.value, day.value) else {
            throw expected("a day of the month")
        }
        return .day(year, month.value, day.value)
    }
}
