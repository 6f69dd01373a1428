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
    signal n38 : signed(8 downto 0);
    signal n42 : signed(12 downto 0);
    signal n43 : signed(12 downto 0);
    signal n49 : signed(18 downto 0);
    constant n51 : unsigned(0 downto 0) := "1"; -- a*b - 1
    signal n54 : signed(8 downto 0);
    signal n57 : signed(8 downto 0);
    signal n65 : unsigned(3 downto 0);
    signal n67 : signed(4 downto 0);
    signal n88 : signed(8 downto 0);
    signal n92 : unsigned(7 downto 0);
    signal n96 : unsigned(7 downto 0);
    signal n99 : signed(8 downto 0);
    signal n101 : signed(8 downto 0);
begin
    valid_out <= n0_valid(3);
    p <= n99; -- p
    q <= n101; -- q

    -- stage 1
    process (clk)
        variable n4 : signed(10 downto 0);
        variable n5 : unsigned(0 downto 0);
        variable n7 : unsigned(0 downto 0);
        variable n9 : signed(8 downto 0);
        variable n10 : signed(10 downto 0);
        variable n11 : signed(10 downto 0);
        variable n12 : unsigned(0 downto 0);
        variable n14 : unsigned(0 downto 0);
        variable n16 : signed(8 downto 0);
        variable n17 : signed(10 downto 0);
        variable n18 : signed(10 downto 0);
        variable n20 : unsigned(0 downto 0);
        variable n22 : unsigned(0 downto 0);
        variable n23 : signed(8 downto 0);
        variable n24 : signed(10 downto 0);
        variable n25 : signed(10 downto 0);
        variable n27 : unsigned(0 downto 0);
        variable n29 : unsigned(0 downto 0);
        variable n31 : signed(8 downto 0);
        variable n32 : signed(10 downto 0);
        variable n33 : signed(10 downto 0);
        variable n35 : unsigned(0 downto 0);
        variable n37 : signed(8 downto 0);
        variable n40 : signed(12 downto 0);
        variable n41 : signed(12 downto 0);
        variable n62 : unsigned(3 downto 0);
        variable n63 : signed(4 downto 0);
        variable n71 : signed(6 downto 0);
        variable n72 : unsigned(0 downto 0);
        variable n73 : unsigned(0 downto 0);
        variable n75 : signed(4 downto 0);
        variable n76 : signed(6 downto 0);
        variable n77 : signed(6 downto 0);
        variable n78 : unsigned(0 downto 0);
        variable n80 : unsigned(0 downto 0);
        variable n82 : signed(4 downto 0);
        variable n83 : signed(6 downto 0);
        variable n84 : signed(6 downto 0);
        variable n86 : signed(8 downto 0);
    begin
        if rising_edge(clk) then
            n0_valid(0) <= valid_in;
            n4(10 downto 1) := resize(a(8 downto 1), 10) + resize(a, 10); -- a*b
            n4(0 downto 0) := a(0 downto 0); -- a*b
            n5 := unsigned(b(0 downto 0)); -- a*b
            n7 := unsigned(b(1 downto 1)); -- a*b
            if n5(0) = '1' then n9 := a; else n9 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n5(0) = '1' then n10 := n4; else n10 := (resize(a, 10) & "0"); end if; -- a*b
            if n7(0) = '1' then n11 := n10; else n11 := resize(n9, 11); end if; -- a*b
            n12 := unsigned(b(2 downto 2)); -- a*b
            n14 := unsigned(b(3 downto 3)); -- a*b
            if n12(0) = '1' then n16 := a; else n16 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n12(0) = '1' then n17 := n4; else n17 := (resize(a, 10) & "0"); end if; -- a*b
            if n14(0) = '1' then n18 := n17; else n18 := resize(n16, 11); end if; -- a*b
            n20 := unsigned(b(4 downto 4)); -- a*b
            n22 := unsigned(b(5 downto 5)); -- a*b
            if n20(0) = '1' then n23 := a; else n23 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n20(0) = '1' then n24 := n4; else n24 := (resize(a, 10) & "0"); end if; -- a*b
            if n22(0) = '1' then n25 := n24; else n25 := resize(n23, 11); end if; -- a*b
            n27 := unsigned(b(6 downto 6)); -- a*b
            n29 := unsigned(b(7 downto 7)); -- a*b
            if n27(0) = '1' then n31 := a; else n31 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            if n27(0) = '1' then n32 := n4; else n32 := (resize(a, 10) & "0"); end if; -- a*b
            if n29(0) = '1' then n33 := n32; else n33 := resize(n31, 11); end if; -- a*b
            n35 := unsigned(b(8 downto 8)); -- a*b
            if n35(0) = '1' then n37 := a; else n37 := signed(resize(n2, 4) & "00000"); end if; -- a*b
            n38 <= n37; -- a*b
            n40(12 downto 2) := resize(n11(10 downto 2), 11) + n18; -- a*b
            n40(1 downto 0) := n11(1 downto 0); -- a*b
            n41(12 downto 2) := resize(n25(10 downto 2), 11) + n33; -- a*b
            n41(1 downto 0) := n25(1 downto 0); -- a*b
            n42 <= n40; -- a*b
            n43 <= n41; -- a*b
            n62 := unsigned(c(3 downto 0)); -- c^2
            n63 := c(8 downto 4); -- c^2
            n65 <= n62; -- c^2
            n67 <= n63; -- c^2
            n71(6 downto 1) := resize(n63(4 downto 1), 6) + resize(n63, 6); -- c^2
            n71(0 downto 0) := n63(0 downto 0); -- c^2
            n72 := n62(0 downto 0); -- c^2
            n73 := n62(1 downto 1); -- c^2
            if n72(0) = '1' then n75 := n63; else n75 := signed(resize(n2, 5)); end if; -- c^2
            if n72(0) = '1' then n76 := n71; else n76 := (resize(n63, 6) & "0"); end if; -- c^2
            if n73(0) = '1' then n77 := n76; else n77 := resize(n75, 7); end if; -- c^2
            n78 := n62(2 downto 2); -- c^2
            n80 := n62(3 downto 3); -- c^2
            if n78(0) = '1' then n82 := n63; else n82 := signed(resize(n2, 5)); end if; -- c^2
            if n78(0) = '1' then n83 := n71; else n83 := (resize(n63, 6) & "0"); end if; -- c^2
            if n80(0) = '1' then n84 := n83; else n84 := resize(n82, 7); end if; -- c^2
            n86(8 downto 2) := resize(n77(6 downto 2), 7) + n84; -- c^2
            n86(1 downto 0) := n77(1 downto 0); -- c^2
            n88 <= n86; -- c^2
        end if;
    end process;

    -- stage 2
    process (clk)
        variable n44 : signed(16 downto 0);
        variable n45 : signed(17 downto 0);
        variable n47 : signed(18 downto 0);
        variable n66 : unsigned(7 downto 0);
        variable n68 : unsigned(8 downto 0);
        variable n69 : unsigned(16 downto 0);
        variable n89 : unsigned(16 downto 0);
        variable n91_rounded : unsigned(11 downto 0);
        variable n91_up : unsigned(0 downto 0);
        variable n91 : unsigned(7 downto 0);
        variable n91_over : boolean;
    begin
        if rising_edge(clk) then
            n0_valid(1) <= n0_valid(0);
            n44(16 downto 4) := resize(n42(12 downto 4), 13) + n43; -- a*b
            n44(3 downto 0) := n42(3 downto 0); -- a*b
            n45(17 downto 8) := resize(n44(16 downto 8), 10) + resize(n38, 10); -- a*b
            n45(7 downto 0) := n44(7 downto 0); -- a*b
            n47(18 downto 9) := resize(n45(17 downto 9), 10) - resize(n38, 10); -- a*b
            n47(8 downto 0) := n45(8 downto 0); -- a*b
            n49 <= n47; -- a*b
            n66 := unsigned(n0_table_square(to_integer(n65))); -- c^2
            n68 := unsigned(n0_table_square_signed(to_integer(unsigned(n67)))); -- c^2
            n69 := n68 & n66; -- c^2
            n89(16 downto 5) := n69(16 downto 5) + unsigned(resize(n88, 12)); -- c^2
            n89(4 downto 0) := n69(4 downto 0); -- c^2
            if n89(4) = '1' and (n89(3 downto 0) /= 0 or n89(5) = '1') then n91_up := "1"; else n91_up := "0"; end if; -- RND_CONV
            n91_rounded := n89(16 downto 5) + resize(n91_up, 12); -- c^2
            n91_over := n91_rounded(11 downto 8) /= 0; -- SAT
            if n91_over then n91 := "11111111"; else n91 := n91_rounded(7 downto 0); end if; -- c^2
            n92 <= n91; -- c^2
        end if;
    end process;

    -- stage 3
    process (clk)
        variable n50_rounded : signed(12 downto 0);
        variable n50_up : unsigned(0 downto 0);
        variable n50 : signed(8 downto 0);
        variable n50_over : boolean;
        variable n50_under : boolean;
        variable n52 : signed(9 downto 0);
        variable n53_rounded : signed(9 downto 0);
        variable n53 : signed(8 downto 0);
        variable n53_under : boolean;
        variable n94 : unsigned(9 downto 0);
        variable n95_rounded : unsigned(9 downto 0);
        variable n95 : unsigned(7 downto 0);
        variable n95_over : boolean;
    begin
        if rising_edge(clk) then
            n0_valid(2) <= n0_valid(1);
            if n49(4) = '1' and (unsigned(n49(3 downto 0)) /= 0 or n49(5) = '1') then n50_up := "1"; else n50_up := "0"; end if; -- RND_CONV
            n50_rounded := n49(17 downto 5) + signed(resize(n50_up, 13)); -- a*b
            n50_over := n50_rounded(12) = '0' and unsigned(n50_rounded(11 downto 8)) /= 0; -- SAT
            n50_under := n50_rounded(12) = '1' and n50_rounded(11 downto 8) /= -1; -- SAT
            if n50_over then n50 := "011111111"; elsif n50_under then n50 := "100000000"; else n50 := n50_rounded(8 downto 0); end if; -- a*b
            n52(9 downto 5) := resize(n50(8 downto 5), 5) - signed(resize(n51, 5)); -- a*b - 1
            n52(4 downto 0) := n50(4 downto 0); -- a*b - 1
            n53_rounded := n52; -- a*b - 1
            n53_under := n53_rounded(9) = '1' and n53_rounded(8 downto 8) /= -1; -- SAT
            if n53_under then n53 := "100000000"; else n53 := n53_rounded(8 downto 0); end if; -- a*b - 1
            n54 <= n53; -- a*b - 1
            n57 <= n50; -- a*b
            n94 := (n92 & "00") - resize(n92, 10); -- 3*c^2
            n95_rounded := n94; -- 3*c^2
            n95_over := n95_rounded(9 downto 8) /= 0; -- SAT
            if n95_over then n95 := "11111111"; else n95 := n95_rounded(7 downto 0); end if; -- 3*c^2
            n96 <= n95; -- 3*c^2
        end if;
    end process;

    -- stage 4
    process (clk)
        variable n55_rounded : signed(6 downto 0);
        variable n55 : signed(4 downto 0);
        variable n55_over : boolean;
        variable n55_under : boolean;
        variable n56 : unsigned(5 downto 0);
        variable n58 : signed(9 downto 0);
        variable n59_rounded : signed(9 downto 0);
        variable n59 : signed(8 downto 0);
        variable n59_over : boolean;
        variable n97 : signed(9 downto 0);
        variable n98_rounded : signed(9 downto 0);
        variable n98 : signed(8 downto 0);
        variable n98_under : boolean;
    begin
        if rising_edge(clk) then
            n0_valid(3) <= n0_valid(2);
            n55_rounded := n54(8 downto 2); -- gauss(a*b - 1)
            n55_over := n55_rounded(6) = '0' and unsigned(n55_rounded(5 downto 4)) /= 0; -- SAT
            n55_under := n55_rounded(6) = '1' and n55_rounded(5 downto 4) /= -1; -- SAT
            if n55_over then n55 := "01111"; elsif n55_under then n55 := "10000"; else n55 := n55_rounded(4 downto 0); end if; -- gauss(a*b - 1)
            n56 := unsigned(n0_table_gauss_0_1(to_integer(unsigned(n55)))); -- gauss(a*b - 1)
            n58 := signed(resize(n56, 10)) + resize(n57, 10); -- gauss(a*b - 1) + a*b
            n59_rounded := n58; -- gauss(a*b - 1) + a*b
            n59_over := n59_rounded(9) = '0' and unsigned(n59_rounded(8 downto 8)) /= 0; -- SAT
            if n59_over then n59 := "011111111"; else n59 := n59_rounded(8 downto 0); end if; -- gauss(a*b - 1) + a*b
            n97 := resize(n57, 10) - signed(resize(n96, 10)); -- a*b - 3*c^2
            n98_rounded := n97; -- a*b - 3*c^2
            n98_under := n98_rounded(9) = '1' and n98_rounded(8 downto 8) /= -1; -- SAT
            if n98_under then n98 := "100000000"; else n98 := n98_rounded(8 downto 0); end if; -- a*b - 3*c^2
            n99 <= n59; -- gauss(a*b - 1) + a*b
            n101 <= n98; -- a*b - 3*c^2
        end if;
    end process;
end rtl;
