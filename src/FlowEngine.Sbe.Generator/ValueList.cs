using System.Collections;

namespace FlowEngine.Sbe.Generator;

/// <summary>A list that is equal to another when its elements are.</summary>
internal sealed class ValueList<T> : IEquatable<ValueList<T>>, IEnumerable<T>
{
    private readonly T[] _items;

    public ValueList(IEnumerable<T> items) => _items = items.ToArray();

    public int Count => _items.Length;

    public bool Equals(ValueList<T>? other) => other is not null && _items.SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => _items.Length == 0 ? 0 : _items[0]!.GetHashCode() ^ _items.Length;

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
