-- shared_model: made by symlut 0.1.0.
-- A new event every clock; results 4 clocks after it (valid_in to valid_out).
-- No reset: the pipeline flushes itself.

library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

entity shared_model is
    port (
        clk : in std_logic;
        valid_in : in std_logic;
        a : in signed(8 downto 0); -- fixed<9,4> a
        b : in signed(8 downto 0); -- fixed<9,4> b
        c : in signed(8 downto 0); -- fixed<9,4> c
        valid_out : out std_logic;
        p : out signed(8 downto 0); -- fixed<9,4> p
        q : out signed(8 downto 0) -- fixed<9,4> q
    );
end shared_model;

architecture rtl of shared_model is
    -- gauss over [-2,2], 32 entries, saturates; words ufixed<6,1>
    type n0_type_gauss_0_1 is array (0 to 31) of std_logic_vector(5 downto 0);
    constant n0_table_gauss_0_1 : n0_type_gauss_0_1 := (
        0 => "100000",
        1 => "011111",
        2 => "011101",
        3 => "011011",
        4 => "011000",
        5 => "010100",
        6 => "010001",
        7 => "001110",
        8 => "001011",
        9 => "001000",
        10 => "000110",
        11 => "000100",
        12 => "000011",
        13 => "000010",
        14 => "000001",
        15 => "000001",
        16 => "000001",
        17 => "000001",
        18 => "000010",
        19 => "000011",
        20 => "000100",
        21 => "000101",
        22 => "001000",
        23 => "001010",
        24 => "001101",
        25 => "010000",
        26 => "010100",
        27 => "010111",
        28 => "011010",
        29 => "011101",
        30 => "011111",
        31 => "100000"
    );
    -- integer square; words ufixed<8,8>
    type n0_type_square is array (0 to 15) of std_logic_vector(7 downto 0);
    constant n0_table_square : n0_type_square := (
        0 => "00000000",
        1 => "00000001",
        2 => "00000100",
        3 => "00001001",
        4 => "00010000",
        5 => "00011001",
        6 => "00100100",
        7 => "00110001",
        8 => "01000000",
        9 => "01010001",
        10 => "01100100",
        11 => "01111001",
        12 => "10010000",
        13 => "10101001",
        14 => "11000100",
        15 => "11100001"
    );
    -- integer square; words ufixed<9,9>
    type n0_type_square_signed is array (0 to 31) of std_logic_vector(8 downto 0);
    constant n0_table_square_signed : n0_type_square_signed := (
        0 => "000000000",
        1 => "000000001",
        2 => "000000100",
        3 => "000001001",
        4 => "000010000",
        5 => "000011001",
        6 => "000100100",
        7 => "000110001",
        8 => "001000000",
        9 => "001010001",
        10 => "001100100",
        11 => "001111001",
        12 => "010010000",
        13 => "010101001",
        14 => "011000100",
        15 => "011100001",
        16 => "100000000",
        17 => "011100001",
        18 => "011000100",
        19 => "010101001",
        20 => "010010000",
        21 => "001111001",
        22 => "001100100",
        23 => "001010001",
        24 => "001000000",
        25 => "000110001",
        26 => "000100100",
        27 => "000011001",
        28 => "000010000",
        29 => "000001001",
        30 => "000000100",
        31 => "000000001"
    );
    signal n0_valid : std_logic_vector(3 downto 0) := (others => '0');
    constant n2 : unsigned(0 downto 0) := "0"; -- a*b
    signal n64 : signed(8 downto 0);
    signal n65 : unsigned(0 downto 0);
    signal n70 : signed(12 downto 0);
    signal n71 : signed(14 downto 0);
    signal n75 : signed(17 downto 0);
    constant n77 : unsigned(0 downto 0) := "1"; -- a*b - 1
    signal n80 : signed(8 downto 0);
    signal n83 : signed(8 downto 0);
    signal n91 : unsigned(3 downto 0);
    signal n93 : signed(4 downto 0);
    signal n114 : signed(8 downto 0);
    signal n118 : unsigned(7 downto 0);
    signal n122 : unsigned(7 downto 0);
    signal n125 : signed(8 downto 0);
    signal n127 : signed(8 downto 0);
begin
    valid_out <= n0_valid(3);
    p <= n125; -- p
    q <= n127; -- q

    -- stage 1
    process (clk)
        variable n4 : unsigned(0 downto 0);
        variable n6 : unsigned(0 downto 0);
        variable n8 : signed(8 downto 0);
        variable n9 : signed(9 downto 0);
        variable n10 : signed(9 downto 0);
        variable n11 : signed(9 downto 0);
        variable n12 : unsigned(0 downto 0);
        variable n14 : unsigned(0 downto 0);
        variable n16 : signed(9 downto 0);
        variable n17 : signed(8 downto 0);
        variable n18 : signed(8 downto 0);
        variable n19 : signed(9 downto 0);
        variable n20 : signed(9 downto 0);
        variable n21 : signed(9 downto 0);
        variable n22 : signed(9 downto 0);
        variable n23 : signed(9 downto 0);
        variable n25 : unsigned(0 downto 0);
        variable n26 : unsigned(0 downto 0);
        variable n28 : signed(9 downto 0);
        variable n29 : signed(8 downto 0);
        variable n30 : signed(8 downto 0);
        variable n31 : signed(9 downto 0);
        variable n32 : signed(9 downto 0);
        variable n33 : signed(9 downto 0);
        variable n34 : signed(9 downto 0);
        variable n35 : signed(9 downto 0);
        variable n37 : unsigned(0 downto 0);
        variable n39 : unsigned(0 downto 0);
        variable n41 : signed(9 downto 0);
        variable n42 : signed(8 downto 0);
        variable n43 : signed(8 downto 0);
        variable n44 : signed(9 downto 0);
        variable n45 : signed(9 downto 0);
        variable n46 : signed(9 downto 0);
        variable n47 : signed(9 downto 0);
        variable n48 : signed(9 downto 0);
        variable n50 : unsigned(0 downto 0);
        variable n52 : signed(8 downto 0);
        variable n53 : signed(8 downto 0);
        variable n54 : signed(8 downto 0);
        variable n55 : signed(8 downto 0);
        variable n58 : signed(11 downto 0);
        variable n60 : signed(11 downto 0);
        variable n62 : signed(11 downto 0);
        variable n67 : signed(10 downto 0);
        variable n68 : signed(12 downto 0);
        variable n69 : signed(14 downto 0);
        variable n88 : unsigned(3 downto 0);
        variable n89 : signed(4 downto 0);
        variable n97 : signed(6 downto 0);
        variable n98 : unsigned(0 downto 0);
        variable n99 : unsigned(0 downto 0);
        variable n101 : signed(4 downto 0);
        variable n102 : signed(6 downto 0);
        variable n103 : signed(6 downto 0);
        variable n104 : unsigned(0 downto 0);
        variable n106 : unsigned(0 downto 0);
        variable n108 : signed(4 downto 0);
        variable n109 : signed(6 downto 0);
        variable n110 : signed(6 downto 0);
        variable n112 : signed(8 downto 0);
    begin
        if rising_edge(clk) then
            n0_valid(0) <= valid_in;
            n4 := unsigned(b(1 downto 1)); -- a*b
            n6 := unsigned(b(0 downto 0)); -- a*b
            if n6(0) = '1' then n8 := a; else n8 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n6(0) = '1' then n9 := resize(a, 10); else n9 := (a & "0"); end if; -- a*b
            n10 := not n9; -- a*b
            if n4(0) = '1' then n11 := n10; else n11 := resize(n8, 10); end if; -- a*b
            n12 := unsigned(b(3 downto 3)); -- a*b
            n14 := unsigned(b(2 downto 2)); -- a*b
            if n4(0) = '1' then n16 := (a & "0"); else n16 := resize(a, 10); end if; -- a*b
            if n4(0) = '1' then n17 := a; else n17 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n4(0) = '1' then n18 := signed(resize(n2, 4) & "00000"); else n18 := a; end if; -- a*b
            if n4(0) = '1' then n19 := resize(a, 10); else n19 := (a & "0"); end if; -- a*b
            if n14(0) = '1' then n20 := n16; else n20 := resize(n17, 10); end if; -- a*b
            if n14(0) = '1' then n21 := resize(n18, 10); else n21 := n19; end if; -- a*b
            n22 := not n21; -- a*b
            if n12(0) = '1' then n23 := n22; else n23 := n20; end if; -- a*b
            n25 := unsigned(b(5 downto 5)); -- a*b
            n26 := unsigned(b(4 downto 4)); -- a*b
            if n12(0) = '1' then n28 := (a & "0"); else n28 := resize(a, 10); end if; -- a*b
            if n12(0) = '1' then n29 := a; else n29 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n12(0) = '1' then n30 := signed(resize(n2, 4) & "00000"); else n30 := a; end if; -- a*b
            if n12(0) = '1' then n31 := resize(a, 10); else n31 := (a & "0"); end if; -- a*b
            if n26(0) = '1' then n32 := n28; else n32 := resize(n29, 10); end if; -- a*b
            if n26(0) = '1' then n33 := resize(n30, 10); else n33 := n31; end if; -- a*b
            n34 := not n33; -- a*b
            if n25(0) = '1' then n35 := n34; else n35 := n32; end if; -- a*b
            n37 := unsigned(b(7 downto 7)); -- a*b
            n39 := unsigned(b(6 downto 6)); -- a*b
            if n25(0) = '1' then n41 := (a & "0"); else n41 := resize(a, 10); end if; -- a*b
            if n25(0) = '1' then n42 := a; else n42 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n25(0) = '1' then n43 := signed(resize(n2, 4) & "00000"); else n43 := a; end if; -- a*b
            if n25(0) = '1' then n44 := resize(a, 10); else n44 := (a & "0"); end if; -- a*b
            if n39(0) = '1' then n45 := n41; else n45 := resize(n42, 10); end if; -- a*b
            if n39(0) = '1' then n46 := resize(n43, 10); else n46 := n44; end if; -- a*b
            n47 := not n46; -- a*b
            if n37(0) = '1' then n48 := n47; else n48 := n45; end if; -- a*b
            n50 := unsigned(b(8 downto 8)); -- a*b
            if n37(0) = '1' then n52 := a; else n52 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n37(0) = '1' then n53 := signed(resize(n2, 4) & "00000"); else n53 := a; end if; -- a*b
            n54 := not n53; -- a*b
            if n50(0) = '1' then n55 := n54; else n55 := n52; end if; -- a*b
            n58(11 downto 2) := n23; -- a*b
            n58(1 downto 0) := signed(resize(n4, 2)); -- a*b
            n60(11 downto 2) := n35; -- a*b
            n60(1 downto 0) := signed(resize(n12, 2)); -- a*b
            n62(11 downto 2) := n48; -- a*b
            n62(1 downto 0) := signed(resize(n25, 2)); -- a*b
            n64 <= n55; -- a*b
            n65 <= n37; -- a*b
            n67(10 downto 8) := resize(n11(9 downto 8), 3) + signed(resize(n50, 3)); -- a*b
            n67(7 downto 0) := n11(7 downto 0); -- a*b
            n68 := resize(n67, 13) + resize(n58, 13); -- a*b
            n69(14 downto 2) := resize(n60(11 downto 2), 13) + resize(n62, 13); -- a*b
            n69(1 downto 0) := n60(1 downto 0); -- a*b
            n70 <= n68; -- a*b
            n71 <= n69; -- a*b
            n88 := unsigned(c(3 downto 0)); -- c^2
            n89 := c(8 downto 4); -- c^2
            n91 <= n88; -- c^2
            n93 <= n89; -- c^2
            n97(6 downto 1) := resize(n89(4 downto 1), 6) + resize(n89, 6); -- c^2
            n97(0 downto 0) := n89(0 downto 0); -- c^2
            n98 := n88(0 downto 0); -- c^2
            n99 := n88(1 downto 1); -- c^2
            if n98(0) = '1' then n101 := n89; else n101 := signed(resize(n2, 5)); end if; -- c^2
            if n98(0) = '1' then n102 := n97; else n102 := (resize(n89, 6) & "0"); end if; -- c^2
            if n99(0) = '1' then n103 := n102; else n103 := resize(n101, 7); end if; -- c^2
            n104 := n88(2 downto 2); -- c^2
            n106 := n88(3 downto 3); -- c^2
            if n104(0) = '1' then n108 := n89; else n108 := signed(resize(n2, 5)); end if; -- c^2
            if n104(0) = '1' then n109 := n97; else n109 := (resize(n89, 6) & "0"); end if; -- c^2
            if n106(0) = '1' then n110 := n109; else n110 := resize(n108, 7); end if; -- c^2
            n112(8 downto 2) := resize(n103(6 downto 2), 7) + n110; -- c^2
            n112(1 downto 0) := n103(1 downto 0); -- c^2
            n114 <= n112; -- c^2
        end if;
    end process;

    -- stage 2
    process (clk)
        variable n66 : signed(10 downto 0);
        variable n72 : signed(16 downto 0);
        variable n73 : signed(17 downto 0);
        variable n92 : unsigned(7 downto 0);
        variable n94 : unsigned(8 downto 0);
        variable n95 : unsigned(16 downto 0);
        variable n115 : unsigned(16 downto 0);
        variable n117_rounded : unsigned(11 downto 0);
        variable n117_up : unsigned(0 downto 0);
        variable n117 : unsigned(7 downto 0);
        variable n117_over : boolean;
    begin
        if rising_edge(clk) then
            n0_valid(1) <= n0_valid(0);
            n66(10 downto 2) := n64; -- a*b
            n66(1 downto 0) := signed(resize(n65, 2)); -- a*b
            n72(16 downto 2) := resize(n70(12 downto 2), 15) + n71; -- a*b
            n72(1 downto 0) := n70(1 downto 0); -- a*b
            n73(17 downto 6) := resize(n72(16 downto 6), 12) + resize(n66, 12); -- a*b
            n73(5 downto 0) := n72(5 downto 0); -- a*b
            n75 <= n73; -- a*b
            n92 := unsigned(n0_table_square(to_integer(n91))); -- c^2
            n94 := unsigned(n0_table_square_signed(to_integer(unsigned(n93)))); -- c^2
            n95 := n94 & n92; -- c^2
            n115(16 downto 5) := n95(16 downto 5) + unsigned(resize(n114, 12)); -- c^2
            n115(4 downto 0) := n95(4 downto 0); -- c^2
            if n115(4) = '1' and (n115(3 downto 0) /= 0 or n115(5) = '1') then n117_up := "1"; else n117_up := "0"; end if; -- RND_CONV
            n117_rounded := n115(16 downto 5) + resize(n117_up, 12); -- c^2
            n117_over := n117_rounded(11 downto 8) /= 0; -- SAT
            if n117_over then n117 := "11111111"; else n117 := n117_rounded(7 downto 0); end if; -- c^2
            n118 <= n117; -- c^2
        end if;
    end process;

    -- stage 3
    process (clk)
        variable n76_rounded : signed(12 downto 0);
        variable n76_up : unsigned(0 downto 0);
        variable n76 : signed(8 downto 0);
        variable n76_over : boolean;
        variable n76_under : boolean;
        variable n78 : signed(9 downto 0);
        variable n79_rounded : signed(9 downto 0);
        variable n79 : signed(8 downto 0);
        variable n79_under : boolean;
        variable n120 : unsigned(9 downto 0);
        variable n121_rounded : unsigned(9 downto 0);
        variable n121 : unsigned(7 downto 0);
        variable n121_over : boolean;
    begin
        if rising_edge(clk) then
            n0_valid(2) <= n0_valid(1);
            if n75(4) = '1' and (unsigned(n75(3 downto 0)) /= 0 or n75(5) = '1') then n76_up := "1"; else n76_up := "0"; end if; -- RND_CONV
            n76_rounded := n75(17 downto 5) + signed(resize(n76_up, 13)); -- a*b
            n76_over := n76_rounded(12) = '0' and unsigned(n76_rounded(11 downto 8)) /= 0; -- SAT
            n76_under := n76_rounded(12) = '1' and n76_rounded(11 downto 8) /= -1; -- SAT
            if n76_over then n76 := "011111111"; elsif n76_under then n76 := "100000000"; else n76 := n76_rounded(8 downto 0); end if; -- a*b
            n78(9 downto 5) := resize(n76(8 downto 5), 5) - signed(resize(n77, 5)); -- a*b - 1
            n78(4 downto 0) := n76(4 downto 0); -- a*b - 1
            n79_rounded := n78; -- a*b - 1
            n79_under := n79_rounded(9) = '1' and n79_rounded(8 downto 8) /= -1; -- SAT
            if n79_under then n79 := "100000000"; else n79 := n79_rounded(8 downto 0); end if; -- a*b - 1
            n80 <= n79; -- a*b - 1
            n83 <= n76; -- a*b
            n120 := (n118 & "00") - resize(n118, 10); -- 3*c^2
            n121_rounded := n120; -- 3*c^2
            n121_over := n121_rounded(9 downto 8) /= 0; -- SAT
            if n121_over then n121 := "11111111"; else n121 := n121_rounded(7 downto 0); end if; -- 3*c^2
            n122 <= n121; -- 3*c^2
        end if;
    end process;

    -- stage 4
    process (clk)
        variable n81_rounded : signed(6 downto 0);
        variable n81 : signed(4 downto 0);
        variable n81_over : boolean;
        variable n81_under : boolean;
        variable n82 : unsigned(5 downto 0);
        variable n84 : signed(9 downto 0);
        variable n85_rounded : signed(9 downto 0);
        variable n85 : signed(8 downto 0);
        variable n85_over : boolean;
        variable n123 : signed(9 downto 0);
        variable n124_rounded : signed(9 downto 0);
        variable n124 : signed(8 downto 0);
        variable n124_under : boolean;
    begin
        if rising_edge(clk) then
            n0_valid(3) <= n0_valid(2);
            n81_rounded := n80(8 downto 2); -- gauss(a*b - 1)
            n81_over := n81_rounded(6) = '0' and unsigned(n81_rounded(5 downto 4)) /= 0; -- SAT
            n81_under := n81_rounded(6) = '1' and n81_rounded(5 downto 4) /= -1; -- SAT
            if n81_over then n81 := "01111"; elsif n81_under then n81 := "10000"; else n81 := n81_rounded(4 downto 0); end if; -- gauss(a*b - 1)
            n82 := unsigned(n0_table_gauss_0_1(to_integer(unsigned(n81)))); -- gauss(a*b - 1)
            n84 := signed(resize(n82, 10)) + resize(n83, 10); -- gauss(a*b - 1) + a*b
            n85_rounded := n84; -- gauss(a*b - 1) + a*b
            n85_over := n85_rounded(9) = '0' and unsigned(n85_rounded(8 downto 8)) /= 0; -- SAT
            if n85_over then n85 := "011111111"; else n85 := n85_rounded(8 downto 0); end if; -- gauss(a*b - 1) + a*b
            n123 := resize(n83, 10) - signed(resize(n122, 10)); -- a*b - 3*c^2
            n124_rounded := n123; -- a*b - 3*c^2
            n124_under := n124_rounded(9) = '1' and n124_rounded(8 downto 8) /= -1; -- SAT
            if n124_under then n124 := "100000000"; else n124 := n124_rounded(8 downto 0); end if; -- a*b - 3*c^2
            n125 <= n85; -- gauss(a*b - 1) + a*b
            n127 <= n124; -- a*b - 3*c^2
        end if;
    end process;
end rtl;
