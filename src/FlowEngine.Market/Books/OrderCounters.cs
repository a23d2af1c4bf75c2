namespace FlowEngine.Market;

/// <summary>What an order book had to count instead of applying. Written by the book thread.</summary>
public struct OrderCounters
{
    /// <summary>Modifies, executions and deletes of ids that do not rest.</summary>
    public long UnknownOrders;

    /// <summary>Adds of an id that rested already: the new order stands instead.</summary>
    public long DuplicateOrders;

    /// <summary>Orders of 0 or negative lots, of an unknown or another side, or that overflow their level.</summary>
    public long Refused;

    /// <summary>Orders refused because the book is full of orders or levels: it is not whole from there.</summary>
    public long OverCapacity;

    /// <summary>Executions of more lots than the order had.</summary>
    public long OverExecuted;

    /// <summary>Adds the counts of another book.</summary>
    public void Add(in OrderCounters other)
    {
        UnknownOrders += other.UnknownOrders;
        DuplicateOrders += other.DuplicateOrders;
        Refused += other.Refused;
        OverCapacity += other.OverCapacity;
        OverExecuted += other.OverExecuted;
    }
}
