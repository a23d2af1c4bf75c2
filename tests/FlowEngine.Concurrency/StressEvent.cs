namespace FlowEngine.Concurrency;

/// <summary>
/// An event of one cache line that says four times who wrote it, so that a torn or misplaced one shows; and a word for
/// each side of a diamond.
/// </summary>
internal struct StressEvent
{
    public long Producer;
    public long Number;
    public long Left;
    public long Right;
    private long _first;
    private long _second;
    private long _third;
    private long _fourth;

    public void Fill(long sequence, long producer, long number)
    {
        var word = Word(sequence, producer, number);
        (_first, Producer, _second, Number, _third, _fourth) = (word, producer, ~word, number, word, ~word);
    }

    public readonly bool IsWhole(long sequence)
    {
        var word = Word(sequence, Producer, Number);
        return _first == word && _second == ~word && _third == word && _fourth == ~word;
    }

    private static long Word(long sequence, long producer, long number) =>
        unchecked((sequence * 31) + (producer * 1_000_003) + (number << 20));
}
