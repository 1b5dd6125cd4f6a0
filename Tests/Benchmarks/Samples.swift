// Samples of one figure: the median, and how far they spread.

import Foundation

/// Several measurements of the same thing.
struct Samples {
  private(set) var values: [Double] = []

  mutating func add(_ value: Double) { values.append(value) }

  var median: Double {
    let sorted = values.sorted()
    guard let middle = sorted.indices.contains(sorted.count / 2) ? sorted[sorted.count / 2] : nil else { return 0 }
    return sorted.count % 2 == 1 ? middle : (middle + sorted[sorted.count / 2 - 1]) / 2
  }

  /// Prints a line for `compare.py`: name, median, unit, and the smallest and the largest sample.
  func report(_ name: String, _ unit: String) {
    let text = { (value: Double) in String(format: "%.2f", value) }
    print("\(name)\t\(text(median))\t\(unit)\t\(text(values.min() ?? 0)) to \(text(values.max() ?? 0))")
  }

  /// Measures several sides in turn, so that what else the machine does falls on all of them.
  static func alternating(_ sides: Int, runs: Int, _ measure: (Int) throws -> Double) rethrows -> [Samples] {
    var samples = [Samples](repeating: Samples(), count: sides)
    for run in 0..<runs {
      for turn in 0..<sides {
        let side = run % 2 == 0 ? turn : sides - 1 - turn
        samples[side].add(try measure(side))
      }
    }
    return samples
  }
}

/// The memory of this process that is in use, in bytes (`VmRSS`); 0 where there is no `/proc`.
func residentBytes() -> Double {
  guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
  let words = text.split(separator: " ")
  return words.count > 1 ? (Double(words[1]) ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))) : 0
}
