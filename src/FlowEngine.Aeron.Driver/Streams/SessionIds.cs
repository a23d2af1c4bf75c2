namespace FlowEngine.Aeron.Driver;

/// <summary>Hands out session ids: from a random start upwards, past the reserved ones and those in use.</summary>
internal sealed class SessionIds(Random random, int reservedLow, int reservedHigh)
{
    private int _next = random.Next(int.MinValue, int.MaxValue);

    /// <summary>The next id for which <paramref name="isInUse"/> is false.</summary>
    public int Next(Func<int, bool> isInUse)
    {
        var id = Peek(isInUse);
        _next = unchecked(id + 1);
        return id;
    }

    /// <summary>What <see cref="Next"/> would return.</summary>
    public int Peek(Func<int, bool> isInUse)
    {
        var id = _next;
        while (IsReserved(id) || isInUse(id))
        {
            id = IsReserved(id) ? unchecked(reservedHigh + 1) : unchecked(id + 1);
        }

        return id;
    }

    private bool IsReserved(int id) => id >= reservedLow && id <= reservedHigh;
}
