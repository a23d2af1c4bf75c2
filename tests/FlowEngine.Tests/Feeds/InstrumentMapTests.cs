using FlowEngine.Feeds;
using Xunit;

namespace FlowEngine.Tests.Feeds;

public sealed class InstrumentMapTests
{
    [Fact]
    public void It_agrees_with_a_dictionary_until_it_is_full()
    {
        var map = new InstrumentMap(1000);
        var model = new Dictionary<ulong, int>();
        var random = new Random(17);
        while (model.Count < 1000)
        {
            ulong key = random.Next(3) == 0 ? (ulong)random.Next(2000) : (ulong)random.NextInt64() << 20;
            Assert.Equal(model.TryAdd(key, model.Count), map.TryAdd(key, map.Count));
        }

        Assert.Equal(1000, map.Count);
        Assert.False(map.TryAdd(ulong.MaxValue - 3, 1000));
        foreach ((ulong key, int id) in model)
        {
            Assert.True(map.TryFind(key, out int found));
            Assert.Equal(id, found);
            Assert.Equal(model.ContainsKey(key ^ 1), map.TryFind(key ^ 1, out _));
        }
    }

    [Fact]
    public void Key_0_is_a_key_like_any_other()
    {
        var map = new InstrumentMap(1);
        Assert.False(map.TryFind(0, out int id));
        Assert.Equal(-1, id);
        Assert.True(map.TryAdd(0, 5));
        Assert.True(map.TryFind(0, out id));
        Assert.Equal(5, id);
    }
}
