namespace FlowEngine.Market;

/// <summary>
/// The orders of one level, first to trade first: <c>foreach</c> over it. Dead after the book's next change.
/// </summary>
public ref struct OrderQueue
{
    private readonly OrderBook _book;
    private int _next;

    internal OrderQueue(OrderBook book, int first)
    {
        _book = book;
        _next = first;
    }

    /// <summary>The order that <see cref="MoveNext"/> came to.</summary>
    public RestingOrder Current { get; private set; }

    /// <summary>Itself.</summary>
    public readonly OrderQueue GetEnumerator() => this;

    /// <summary>Goes on to the next order.</summary>
    public bool MoveNext()
    {
        if (_next == 0)
        {
            return false;
        }

        Current = _book.OrderAt(_next);
        _next = _book.After(_next);
        return true;
    }
}
