using System.Text;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>What all forms of the venue's definitions have in common. Cold.</summary>
internal ref struct CmeDefinition
{
    public const int DefaultDepth = 10;
    public const int DefaultImpliedDepth = 2;

    private const int MaxSymbolLength = 20;
    private const byte LastTradeEvent = 7;
    private const byte Deleted = (byte)'D';
    private const int FractionDigits = 9;
    private const int MaxExponent = 18;
    private const long One = 1_000_000_000;

    public int SecurityId;
    public byte Action;
    public byte Status;
    public ulong Group;
    public ulong Asset;
    public long TickE9;
    public long CabinetE9;
    public long FactorE9;
    public long UnitE9;
    public long ExpiryNs;
    public bool HasTickTable;
    public ContractKind Contract;
    public byte Depth;
    public byte ImpliedDepth;
    public ReadOnlySpan<byte> Symbol;

    /// <summary>Whether the instrument is at its end.</summary>
    public readonly bool IsDeleted => Action == Deleted;

    /// <summary>Reads a definition of any form.</summary>
    /// <returns>False where it ends too early or no definition is known by its template.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out CmeDefinition definition)
    {
        definition = default;
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.FutureDefinition7Reader.TemplateId when Wire.FutureDefinition7Reader.TryWrap(message, out var m):
                definition.SetPrices(CmeInstrument.From7, m.Tick, m.DisplayFactor, m.UnitQuantity);
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            case Wire.SpreadDefinition7Reader.TemplateId when Wire.SpreadDefinition7Reader.TryWrap(message, out var m):
                definition.SetPrices(CmeInstrument.From7, m.Tick, m.DisplayFactor, long.MaxValue);
                definition.HasTickTable = !m.TickRuleIsNull;
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            case Wire.OptionDefinition7Reader.TemplateId when Wire.OptionDefinition7Reader.TryWrap(message, out var m):
                definition.SetPrices(CmeInstrument.From7, m.Tick, m.DisplayFactor, m.UnitQuantity, m.Cabinet);
                definition.HasTickTable = !m.TickRuleIsNull;
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            case Wire.FutureDefinitionReader.TemplateId when Wire.FutureDefinitionReader.TryWrap(message, out var m):
                definition.SetPrices(1, m.Tick, m.DisplayFactor, m.UnitQuantity);
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            case Wire.SpreadDefinitionReader.TemplateId when Wire.SpreadDefinitionReader.TryWrap(message, out var m):
                definition.SetPrices(1, m.Tick, m.DisplayFactor, long.MaxValue);
                definition.HasTickTable = !m.TickRuleIsNull;
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            default:
                return TryReadRarer(message, ref definition);
        }
    }

    /// <summary>Makes the record and the decoder's state of it.</summary>
    public readonly DamageReason TryCreate(BookKind book, out Instrument? instrument, out CmeInstrument state)
    {
        instrument = null;
        state = default;
        long tick = TickE9 > 0 ? TickE9 : 1;
        long quantum = HasTickTable || CabinetE9 > 0 || TickE9 <= 0 ? Finer(tick, CabinetE9) : tick;
        if (TickE9 < 0 || CabinetE9 < 0 || FactorE9 <= 0 || tick / quantum > int.MaxValue
            || !TryScale((Int128)quantum * FactorE9, -2 * FractionDigits, out DecimalScale unit)
            || Symbol.IsEmpty || Symbol.Length > MaxSymbolLength
            || Symbol.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
        {
            return DamageReason.BadDefinition;
        }

        bool hasUnit = UnitE9 is > 0 and < long.MaxValue;
        instrument = new Instrument
        {
            Venue = FeedVenue.Cme,
            VenueInstrumentId = (uint)SecurityId,
            Symbol = Encoding.ASCII.GetString(Symbol).TrimEnd(),
            PriceQuantum = unit,
            TickQuanta = (int)(tick / quantum),
            Lot = DecimalScale.One,
            ContractMultiplier = hasUnit && TryScale(UnitE9, -FractionDigits, out DecimalScale size)
                ? size
                : DecimalScale.One,
            Contract = Contract,
            FeedDepthLevels = Depth == 0 ? DefaultDepth : Depth,
            DepthRule = DepthRule.AtOnce,
            Book = book,
            HasImpliedBook = book == BookKind.PriceLevels && (ImpliedDepth != 0 || Contract == ContractKind.Linear),
            ExpiryTime = ExpiryNs,
        };
        state = CmeInstruments.NewState(instrument, quantum, ImpliedDepth);
        state.Group = Group;
        state.Asset = Asset;
        return DamageReason.None;
    }

    /// <summary>A short name as a number.</summary>
    public static ulong Pack(ReadOnlySpan<byte> name)
    {
        ulong packed = 0;
        foreach (byte letter in name)
        {
            packed = (packed << 8) | letter;
        }

        return packed;
    }

    /// <summary>Writes a decimal with the shortest mantissa.</summary>
    public static bool TryScale(Int128 mantissa, int exponent, out DecimalScale scale)
    {
        while (mantissa != 0 && mantissa % 10 == 0 && exponent < MaxExponent)
        {
            mantissa /= 10;
            exponent++;
        }

        bool fits = mantissa > 0 && mantissa <= long.MaxValue && exponent >= -MaxExponent;
        scale = fits ? new DecimalScale((long)mantissa, (sbyte)exponent) : default;
        return fits;
    }

    // Prices off the tick are told where a table of steps or a cabinet price says so: decimal digits hold them all.
    private static long Finer(long tick, long cabinet)
    {
        long quantum = 1;
        while (tick % (quantum * 10) == 0 && cabinet % (quantum * 10) == 0 && quantum < One)
        {
            quantum *= 10;
        }

        return quantum;
    }

    private static bool TryReadRarer(ReadOnlySpan<byte> message, ref CmeDefinition definition)
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.OptionDefinitionReader.TemplateId when Wire.OptionDefinitionReader.TryWrap(message, out var m):
                definition.SetPrices(1, m.Tick, m.DisplayFactor, m.UnitQuantity, m.Cabinet);
                definition.HasTickTable = !m.TickRuleIsNull;
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            case Wire.FixedIncomeDefinitionReader.TemplateId
                when Wire.FixedIncomeDefinitionReader.TryWrap(message, out var m):
                definition.SetPrices(1, m.Tick, m.DisplayFactor, m.UnitQuantity);
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                definition.Contract = ContractKind.Spot;
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            case Wire.RepoDefinitionReader.TemplateId when Wire.RepoDefinitionReader.TryWrap(message, out var m):
                definition.SetPrices(1, m.Tick, m.DisplayFactor, m.UnitQuantity);
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                definition.Contract = ContractKind.Unknown;
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            case Wire.FxDefinitionReader.TemplateId when Wire.FxDefinitionReader.TryWrap(message, out var m):
                definition.SetPrices(1, m.Tick, m.DisplayFactor, m.UnitQuantity);
                definition.SetNames(m.SecurityId, m.UpdateAction, m.Status, m.Group, m.Asset, m.Symbol);
                definition.Contract = ContractKind.Spot;
                foreach (var x in m.Events) { definition.SeeEvent(x.EventType, x.Time); }
                foreach (var x in m.Feeds) { definition.SeeFeed(x.FeedType, x.Depth); }
                return true;
            default:
                return false;
        }
    }

    private void SetPrices(int toE9, long tick, long factor, long unit, long cabinet = long.MaxValue)
    {
        TickE9 = tick == long.MaxValue ? 0 : Scale(tick, toE9);
        FactorE9 = Scale(factor, toE9);
        UnitE9 = unit == long.MaxValue ? 0 : Scale(unit, toE9);
        CabinetE9 = cabinet == long.MaxValue ? 0 : Scale(cabinet, toE9);
        Contract = ContractKind.Linear;
    }

    private void SetNames(
        int securityId,
        byte action,
        byte status,
        ReadOnlySpan<byte> group,
        ReadOnlySpan<byte> asset,
        ReadOnlySpan<byte> symbol)
    {
        SecurityId = securityId;
        Action = action;
        Status = status;
        Group = Pack(group);
        Asset = Pack(asset);
        Symbol = symbol;
    }

    private void SeeEvent(byte type, ulong timeNs)
    {
        if (type == LastTradeEvent && timeNs <= long.MaxValue)
        {
            ExpiryNs = (long)timeNs;
        }
    }

    private void SeeFeed(ReadOnlySpan<byte> type, sbyte depth)
    {
        byte levels = (byte)Math.Clamp((int)depth, 0, CmeLadders.MaxDepth);
        if (type.SequenceEqual("GBX"u8))
        {
            Depth = levels;
        }
        else if (type.SequenceEqual("GBI"u8))
        {
            ImpliedDepth = Math.Min(levels, (byte)CmeLadders.MaxImpliedDepth);
        }
    }

    // Nonsense becomes a number that no definition may have.
    private static long Scale(long mantissa, int toE9) =>
        Int128.Abs(mantissa) > FeedLimits.MaxFixed9 / toE9 ? -1 : mantissa * toE9;
}
