// Which chains the packets of a table reach, from which hooks, where they would go round in circles, and how deep.

/// The jumps between the chains of a table and what follows from them (kernel: `mark_source_chains`).
///
/// A rule behind one that ends the chain for every packet is never reached, and what is never reached is never refused:
/// a circle of chains to which no built-in chain leads is loaded, and no packet comes to it.
public struct ChainGraph: Sendable {
  /// A rule by the place of its chain in the table and its own place in the chain, both from 0.
  public struct RulePosition: Hashable, Sendable {
    /// The place of the chain.
    public var chain: Int
    /// The place of the rule.
    public var rule: Int

    /// Makes a position.
    public init(chain: Int, rule: Int) {
      self.chain = chain
      self.rule = rule
    }

    /// The table as a whole, as a position: both places are -1.
    public static let table = RulePosition(chain: -1, rule: -1)
    /// A chain as a whole, as a position: the rule's place is -1.
    public static func chain(_ place: Int) -> RulePosition { RulePosition(chain: place, rule: -1) }
  }

  /// A rule that leads back to a chain through which the packet came.
  public struct Loop: Hashable, Sendable {
    /// The rule.
    public var rule: RulePosition
    /// The places of the chains of the circle in the order of the jumps, 12 at most; the rule leads to the first.
    public var path: [Int]
  }

  /// The place of each chain by its name; the first of several.
  public let places: [String: Int]
  /// The hooks from which each chain is reached.
  public private(set) var hooks: [HookSet]
  /// The last rule that packets reach in each chain: the first unconditional verdict, or the number of rules.
  public private(set) var ends: [Int]
  /// The reached rules that lead back to where the packet came from, each once.
  public private(set) var loops: [Loop] = []
  /// The rules that lead to a chain that the table does not have, reached or not.
  public private(set) var missing: [RulePosition] = []
  /// The rules that lead to a built-in chain, reached or not.
  public private(set) var intoBuiltIn: [RulePosition] = []
  /// The most jumps that a packet can have to return from at once; a goto counts as none.
  public private(set) var depth = 0

  /// The graph of no table.
  static let empty = ChainGraph()

  private init() {
    places = [:]
    hooks = []
    ends = []
  }

  /// How many chains of a circle are named.
  static let longestPath = 12

  /// A jump or goto to a chain of the user.
  private struct Edge {
    var rule: Int
    var target: Int
    /// What it adds to the jumps to return from.
    var cost: Int
    var isLoop = false
  }

  /// Looks at every rule of a table once, and at every jump once for each hook.
  public init(_ table: Table) {
    var places: [String: Int] = [:]
    places.reserveCapacity(table.chains.count)
    for (place, chain) in table.chains.enumerated() where places[chain.name] == nil { places[chain.name] = place }
    self.places = places
    hooks = [HookSet](repeating: [], count: table.chains.count)
    ends = []
    ends.reserveCapacity(table.chains.count)
    let roots = table.kind.hooks.compactMap { hook in places[hook.chainName].map { (hook: HookSet(hook), place: $0) } }
    var isRoot = [Bool](repeating: false, count: table.chains.count)
    for root in roots { isRoot[root.place] = true }
    var edges: [Edge] = []
    var firstEdge: [Int] = []
    firstEdge.reserveCapacity(table.chains.count + 1)
    for (place, chain) in table.chains.enumerated() {
      firstEdge.append(edges.count)
      var end = chain.rules.count
      for (number, rule) in chain.rules.enumerated() {
        let name: String
        let cost: Int
        switch rule.action {
        case .jump(let target): (name, cost) = (target, 1)
        case .goto(let target): (name, cost) = (target, 0)
        case .verdict:
          if number < end, rule.matches.isEmpty, rule.header.isUnconditional { end = number }
          continue
        default: continue
        }
        if let target = places[name] {
          if isRoot[target] {
            intoBuiltIn.append(RulePosition(chain: place, rule: number))
          } else if number < end {
            edges.append(Edge(rule: number, target: target, cost: cost))
          }
        } else {
          missing.append(RulePosition(chain: place, rule: number))
        }
      }
      ends.append(end)
    }
    firstEdge.append(edges.count)
    mark(roots, &edges, firstEdge)
  }

  /// Follows the jumps from each built-in chain, on a stack of its own.
  private mutating func mark(_ roots: [(hook: HookSet, place: Int)], _ edges: inout [Edge], _ firstEdge: [Int]) {
    if edges.isEmpty {
      for root in roots { hooks[root.place].insert(root.hook) }
      return
    }
    /// How many jumps there are to return from below each chain.
    var heights = [Int](repeating: 0, count: hooks.count)
    /// Where each chain stands on the stack, or -1.
    var openAt = [Int](repeating: -1, count: hooks.count)
    var stack: [(chain: Int, next: Int)] = []
    for root in roots {
      hooks[root.place].insert(root.hook)
      openAt[root.place] = 0
      stack.append((root.place, firstEdge[root.place]))
      while let top = stack.last {
        guard top.next < firstEdge[top.chain + 1] else {
          openAt[top.chain] = -1
          stack.removeLast()
          continue
        }
        let edge = edges[top.next]
        if openAt[edge.target] >= 0 {
          if !edge.isLoop {
            edges[top.next].isLoop = true
            loops.append(
              Loop(
                rule: RulePosition(chain: top.chain, rule: edge.rule),
                path: stack[openAt[edge.target]...].prefix(ChainGraph.longestPath).map { $0.chain }))
          }
          stack[stack.count - 1].next += 1
        } else if !hooks[edge.target].contains(root.hook) {
          // The jump is looked at again when the chain behind it is done.
          hooks[edge.target].insert(root.hook)
          openAt[edge.target] = stack.count
          stack.append((edge.target, firstEdge[edge.target]))
        } else {
          heights[top.chain] = max(heights[top.chain], heights[edge.target] + edge.cost)
          stack[stack.count - 1].next += 1
        }
      }
      depth = max(depth, heights[root.place])
    }
  }

  /// The hooks from which a rule is reached; none when the table has no such rule.
  public func hooks(of position: RulePosition) -> HookSet {
    guard hooks.indices.contains(position.chain), position.rule <= ends[position.chain] else { return [] }
    return hooks[position.chain]
  }
}
