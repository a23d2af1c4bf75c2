namespace FlowEngine.Aeron.Driver;

/// <summary>Hands out session ids: from a random start upwards, past the reserved ones and those in use.</summary>
internal sealed class SessionIds(Random random)
{
    private const int ReservedLow = -1;
    private const int ReservedHigh = 1000;

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
        while (id is >= ReservedLow and <= ReservedHigh || isInUse(id))
        {
            id = id is >= ReservedLow and <= ReservedHigh ? ReservedHigh + 1 : unchecked(id + 1);
        }

        return id;
    }
}
