using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>The orders of one venue event: all its prints of one side are one, as venues split what an order
/// takes.</summary>
public struct EventOrders
{
    /// <summary>Lots bought by aggressors.</summary>
    public long BoughtLots { get; private set; }

    /// <summary>Lots sold by aggressors.</summary>
    public long SoldLots { get; private set; }

    /// <summary>Lots traded by nobody knows whom.</summary>
    public long UnsignedLots { get; private set; }

    /// <summary>1 if it began with a purchase, -1 with a sale, 0 with neither.</summary>
    public int FirstSign { get; private set; }

    /// <summary>A print of sign 1, -1 or 0.</summary>
    [Hot]
    public void Add(int sign, long lots)
    {
        FirstSign = FirstSign == 0 ? sign : FirstSign;
        if (sign > 0)
        {
            BoughtLots = Saturating.Add(BoughtLots, lots);
        }
        else if (sign < 0)
        {
            SoldLots = Saturating.Add(SoldLots, lots);
        }
        else
        {
            UnsignedLots = Saturating.Add(UnsignedLots, lots);
        }
    }

    /// <summary>Lots of a side.</summary>
    [Hot]
    public readonly long Of(int sign) => sign > 0 ? BoughtLots : SoldLots;
}
