using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

public class InstrumentTableTests
{
    [Fact]
    public void Instruments_get_dense_ids_in_the_order_they_come()
    {
        var table = new InstrumentTable(2);
        Assert.True(table.TryAdd(Named("A"), out int first));
        Assert.True(table.TryAdd(Named("B"), out int second));

        Assert.Equal((0, 1, 2), (first, second, table.Count));
        Assert.Equal(("A", 0), (table[0].Symbol, table[0].Id));
        Assert.Equal(("B", 1), (table[1].Symbol, table[1].Id));
    }

    [Fact]
    public void Full_table_refuses_and_keeps_what_it_has()
    {
        var table = new InstrumentTable(1);
        Assert.True(table.TryAdd(Named("A"), out _));
        Assert.False(table.TryAdd(Named("B"), out int id));

        Assert.Equal((-1, 1, 1), (id, table.Count, table.Capacity));
        Assert.Equal("A", table[0].Symbol);
    }

    [Fact]
    public void Record_that_is_added_stays_as_it_was()
    {
        var table = new InstrumentTable(1);
        var record = Named("A");
        table.TryAdd(record, out _);

        Assert.Equal(-1, record.Id);
        Assert.Equal(record with { Id = 0 }, table[0]);
    }

    [Fact]
    public void Table_without_room_cannot_be_made() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new InstrumentTable(0));

    internal static Instrument Named(string symbol) => new()
    {
        Venue = 2,
        VenueInstrumentId = 17,
        Symbol = symbol,
        PriceQuantum = new DecimalScale(5, -1),
        Lot = DecimalScale.One,
    };
}
