/// A binary heap that yields its smallest element first.
struct MinimumHeap<Element: Comparable> {
    private var elements: [Element]

    init(_ elements: [Element] = []) {
        self.elements = elements
        for index in stride(from: elements.count / 2 - 1, through: 0, by: -1) { sink(from: index) }
    }

    mutating func insert(_ element: Element) {
        elements.append(element)
        var index = elements.count - 1
        while index > 0, elements[index] < elements[(index - 1) / 2] {
            elements.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeMinimum() -> Element? {
        guard let minimum = elements.first, let last = elements.popLast() else { return nil }
        if !elements.isEmpty {
            elements[0] = last
            sink(from: 0)
        }
        return minimum
    }

    private mutating func sink(from start: Int) {
        var index = start
        while true {
            var smallest = index
            let child = 2 * index + 1
            if child < elements.count, elements[child] < elements[smallest] { smallest = child }
            if child + 1 < elements.count, elements[child + 1] < elements[smallest] { smallest = child + 1 }
            if smallest == index { return }
            elements.swapAt(index, smallest)
            index = smallest
        }
    }
}
