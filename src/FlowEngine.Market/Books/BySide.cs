using System.Runtime.CompilerServices;

namespace FlowEngine.Market;

/// <summary>One for bids (index 0) and one for asks (index 1), in one place.</summary>
[InlineArray(2)]
internal struct BySide<T>
{
    private T _bid;
}
