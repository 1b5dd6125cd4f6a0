"""The generator's dice: seeded choices with weights, and feature tags that steer them ("--only nat,icmp").

Everything that can be generated is registered with a name, tags and a weight; Mix multiplies the weight of what carries a
wanted tag and divides the weight of the rest."""
import random


class Entry:
    def __init__(self, name, make, weight=1.0, tags=(), **about):
        self.name, self.make, self.weight, self.about = name, make, weight, about
        self.tags = {name.lower(), *tags}


class Registry(dict):
    """name -> Entry, filled by a decorator."""

    def add(self, name, weight=1.0, tags=(), **about):
        def register(make):
            self[name] = Entry(name, make, weight, tags, **about)
            return make
        return register


class Mix(random.Random):
    """A seeded random source that knows the wanted features."""

    def __init__(self, seed, only=None):
        super().__init__(seed)
        self.only = {o.lower() for o in only} if only else set()

    def choose_theme(self, themes, probability):
        """Sometimes favour one of the themes (texts of features), unless features were asked for."""
        theme = self.choice(themes)
        if self.random() < probability and not self.only:
            self.only = set(theme.split())

    def wants(self, *features):
        return bool(self.only & set(features))

    def chance(self, probability, *features):
        """True with this probability; much more often when one of the features is asked for by name."""
        roll = self.random()
        if self.only:
            probability = max(probability, 0.85) if self.wants(*features) else probability * (0.6 if features else 1)
        return roll < probability

    def weight(self, entry):
        if not self.only:
            return entry.weight
        return entry.weight * 12 + 4 if entry.tags & self.only else entry.weight * 0.25

    def entry(self, registry, fits=lambda e: True):
        """An entry of the registry that fits, by weight; None if there is none."""
        entries = [e for e in registry.values() if fits(e)]
        return self.choices(entries, [self.weight(e) for e in entries])[0] if entries else None

    def weighted(self, /, **weights):
        return self.choices(list(weights), list(weights.values()))[0]

    def some(self, items, least=0, most=None):
        """A random selection, in random order."""
        items = list(items)
        most = len(items) if most is None else min(most, len(items))
        return self.sample(items, self.randint(min(least, most), most))
