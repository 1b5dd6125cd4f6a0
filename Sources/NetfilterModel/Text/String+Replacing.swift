// Escaping: a text in which some scalars stand in other words.

extension String {
  /// A copy in which `replacement` stands for each scalar that it knows; the others, for which it gives nil, stay.
  package func replacingScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var result = ""
    for scalar in unicodeScalars {
      if let words = replacement(scalar) { result += words } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
