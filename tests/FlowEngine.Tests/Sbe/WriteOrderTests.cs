using Xunit;

namespace FlowEngine.Tests.Sbe;

/// <summary>Checked builds (DEBUG or SBE_CHECKS) hold writers to schema order; others do not pay for it.</summary>
public class WriteOrderTests
{
    private const string Program = """
        #pragma warning disable
        using System;
        using FlowTest.Shop;
        public static class Program
        {
            public static string Try(int what)
            {
                var b = new byte[512];
                var w = new OrdersWriter(b);
                try
                {
                    switch (what)
                    {
                        case 0:
                        {
                            var o = w.BeginOrdersList(1);
                            o.Next();
                            o.BeginFills(0);
                            o.SetNote(default);
                            w.BeginLevels(0);
                            w.SetInstrumentName(default);
                            break;
                        }

                        case 1:
                            w.BeginLevels(0);
                            return "skipped a group";
                        case 2:
                            w.BeginOrdersList(1);
                            w.BeginLevels(0);
                            return "left an entry out";
                        case 3:
                        {
                            var o = w.BeginOrdersList(1);
                            o.Next();
                            o.SetNote(default);
                            return "skipped a nested group";
                        }

                        case 4:
                        {
                            var o = w.BeginOrdersList(2);
                            o.Next();
                            o.BeginFills(0);
                            o.Next();
                            return "left data out";
                        }

                        case 5:
                        {
                            var o = w.BeginOrdersList(1);
                            o.Next();
                            o.BeginFills(1);
                            o.SetNote(default);
                            return "left a nested entry out";
                        }

                        case 6:
                            w.BeginOrdersList(0);
                            w.BeginOrdersList(0);
                            return "wrote a group twice";
                        case 7:
                            w.BeginOrdersList(0);
                            w.BeginLevels(0);
                            break;
                    }

                    return w.EncodedLength > 0 ? "complete" : "";
                }
                catch (InvalidOperationException) { return "refused"; }
            }
        }
        """;

    [Fact]
    public void A_checked_build_refuses_groups_and_data_out_of_order()
    {
        var attempt = Load("SBE_CHECKS");
        Assert.Equal("complete", attempt(0));
        for (var what = 1; what <= 7; what++)
            Assert.Equal("refused", attempt(what));
    }

    [Fact]
    public void A_plain_build_trusts_its_caller()
    {
        var attempt = Load();
        Assert.Equal("complete", attempt(0));
        Assert.Equal("skipped a group", attempt(1));
        Assert.Equal("complete", attempt(7));
    }

    private static Func<int, string> Load(params string[] symbols)
    {
        var path = Path.Combine(SbeFiles.Root, "tests/FlowEngine.Tests/Sbe/Schemas/shop.xml");
        return SbeCompiler.Load([new SchemaText(path, File.ReadAllText(path))], [Program], symbols)
            .GetType("Program")!.GetMethod("Try")!.CreateDelegate<Func<int, string>>();
    }
}
